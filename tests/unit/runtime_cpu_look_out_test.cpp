// runtime_cpu_look_out_test – helpers that look out for work, and work that is handed to them.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "runtime/cpu/look_out.h"

namespace metate::cpu {
namespace {

using Clock = std::chrono::steady_clock;

/// Helpers that look out again and again until the test is over.
class Helpers {
 public:
  explicit Helpers(int count) {
    for (int i = 0; i < count; ++i)
      threads_.emplace_back([this] {
        while (!over_.load()) look_out();
      });
  }
  ~Helpers() {
    over_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> over_ = false;
  std::vector<std::thread> threads_;
};

void count_up(void* counter) { static_cast<std::atomic<int>*>(counter)->fetch_add(1); }

TEST(LookOutTest, NobodyGetsWorkWhereNobodyLooksOut) {
  std::atomic<int> calls = 0;
  const HandedWork handed(count_up, &calls, 4);
  EXPECT_EQ(handed.count(), 0);
}

TEST(LookOutTest, EndsWhenNothingComes) {
  look_out();
  std::atomic<int> calls = 0;
  EXPECT_EQ(HandedWork(count_up, &calls, 1).count(), 0);
}

TEST(LookOutTest, InvitesUpToAsManyAsAreWanted) {
  EXPECT_EQ(invite_to_look_out(2), 2);
  EXPECT_EQ(invite_to_look_out(2), 0);
  EXPECT_EQ(invite_to_look_out(3), 1);
  for (int i = 0; i < 3; ++i) accept_invitation();
  EXPECT_EQ(invite_to_look_out(1), 1);
  accept_invitation();
}

TEST(LookOutTest, EachHelperWorksAtMostOnce) {
  const Helpers helpers(3);
  int most = 0;
  for (int i = 0; i < 2000 || most == 0; ++i) {  // helpers may take their time to begin
    std::atomic<int> calls = 0;
    int count;
    {
      const HandedWork handed(count_up, &calls, 2);
      count = handed.count();
    }
    EXPECT_LE(count, 2);
    EXPECT_LE(calls, count);  // those that had not begun have not begun
    most = std::max(most, count);
  }
}

TEST(LookOutTest, WaitsForThoseWhoHaveBegun) {
  const Helpers helpers(1);
  struct Work {
    std::atomic<bool> begun = false, over = false;
  };
  for (bool done = false; !done;) {
    Work work;
    {
      const HandedWork handed(
          [](void* argument) {
            auto& work = *static_cast<Work*>(argument);
            work.begun = true;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            work.over = true;
          },
          &work, 1);
      const auto end = Clock::now() + std::chrono::milliseconds(1);
      while (handed.count() && !work.begun && Clock::now() < end) {
      }
      done = work.begun;
    }
    EXPECT_EQ(work.begun.load(), work.over.load());
  }
}

TEST(LookOutTest, ManyThreadsHandOutWorkAtOnceAndFromInsideOfIt) {
  const Helpers helpers(3);
  struct Outer {
    std::atomic<int> outer = 0, inner = 0;
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([] {
      for (int i = 0; i < 500; ++i) {
        Outer outer;
        int count;
        {
          const HandedWork handed(
              [](void* argument) {
                auto& outer = *static_cast<Outer*>(argument);
                ++outer.outer;
                const HandedWork inside(count_up, &outer.inner, 2);
              },
              &outer, 3);
          count = handed.count();
        }
        EXPECT_LE(outer.outer, count);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace metate::cpu
