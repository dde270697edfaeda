// runtime_cpu_memory_test – blocks are aligned, counted, recycled within the limit, and safe across threads and fork.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "runtime/abi/runtime_calls.h"
#include "runtime/cpu/environment.h"
#include "runtime/cpu/memory.h"
#include "runtime/cpu/small_blocks.h"

namespace metate::cpu {
namespace {

#if defined(__has_feature) && __has_feature(thread_sanitizer)
constexpr bool kThreadSanitizer = true;  // it ends a forked child that starts a thread
#else
constexpr bool kThreadSanitizer = false;
#endif

char* data_of(abi::Owner* owner) { return reinterpret_cast<char*>(owner) + abi::kOwnerDataOffset; }

void release(abi::Owner* owner) {
  if (--owner->count == 0) owner->destroy(owner);
}

TEST(SmallClasses, FitAndWasteLittle) {
  for (int64_t total = 1; total <= kLargestSmall; ++total) {
    const int size_class = small_class_of(total);
    ASSERT_GE(size_class, 0);
    ASSERT_LT(size_class, kSmallClasses);
    const int64_t capacity = small_capacity(size_class);
    ASSERT_GE(capacity, total);
    ASSERT_EQ(capacity % 64, 0);
    ASSERT_EQ(small_class_of(capacity), size_class);
    if (size_class > 0) ASSERT_LT(small_capacity(size_class - 1), total) << "a smaller class would do";
  }
  EXPECT_EQ(small_capacity(kSmallClasses - 1), kLargestSmall);
}

TEST(Memory, BlocksAreAlignedAndWritable) {
  const int64_t before = live_blocks(), bytes_before = allocated_bytes();
  std::vector<abi::Owner*> owners;
  int64_t total = 0;
  for (int64_t bytes : {0, 1, 8, 63, 64, 65, 960, 961, 4000, 32704, 32705, 40000, 100000, 1 << 20, 5 << 20, 70 << 20}) {
    abi::Owner* owner = allocate(bytes);
    ASSERT_NE(owner, nullptr);
    EXPECT_EQ(owner->count, 1);
    EXPECT_EQ(owner->bytes, bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(data_of(owner)) % 64, 0u);
    std::memset(data_of(owner), 0xA5, static_cast<size_t>(bytes));
    owners.push_back(owner);
    total += bytes;
  }
  EXPECT_EQ(live_blocks(), before + static_cast<int64_t>(owners.size()));
  EXPECT_EQ(allocated_bytes(), bytes_before + total);
  for (abi::Owner* owner : owners) {
    for (int64_t i = 0; i < owner->bytes; i += 4093) ASSERT_EQ(data_of(owner)[i], char(0xA5));
    release(owner);
  }
  EXPECT_EQ(live_blocks(), before);
  EXPECT_EQ(allocated_bytes(), bytes_before);
}

TEST(Memory, ImpossibleSizesGiveNull) {
  const int64_t before = live_blocks();
  EXPECT_EQ(allocate(-1), nullptr);
  EXPECT_EQ(allocate(INT64_MAX), nullptr);
  EXPECT_EQ(allocate(INT64_MAX - 63), nullptr);
  EXPECT_EQ(allocate(int64_t(1) << 46), nullptr);
  EXPECT_EQ(allocate_zeroed(INT64_MIN), nullptr);
  EXPECT_EQ(live_blocks(), before);
}

TEST(Memory, LargeBlocksAreUsedAgain) {
  set_memory_pool_limit(int64_t(256) << 20);
  abi::Owner* first = allocate(int64_t(80) << 20);
  ASSERT_NE(first, nullptr);
  release(first);
  EXPECT_GE(pooled_bytes(), int64_t(80) << 20);
  abi::Owner* second = allocate((int64_t(80) << 20) - 1000);
  EXPECT_EQ(second, first);
  EXPECT_EQ(second->bytes, (int64_t(80) << 20) - 1000);
  release(second);
}

TEST(Memory, PoolKeepsItsLimitAndDropsTheOldest) {
  set_memory_pool_limit(0);
  EXPECT_EQ(pooled_bytes(), 0);
  set_memory_pool_limit(int64_t(20) << 20);
  EXPECT_EQ(memory_pool_limit(), int64_t(20) << 20);
  std::vector<abi::Owner*> owners;
  for (int64_t mebibytes : {6, 7, 8}) owners.push_back(allocate(mebibytes << 20));
  for (abi::Owner* owner : owners) release(owner);
  EXPECT_LE(pooled_bytes(), int64_t(20) << 20);
  EXPECT_GE(pooled_bytes(), int64_t(15) << 20);
  EXPECT_EQ(allocate(int64_t(8) << 20), owners[2]);
  EXPECT_EQ(allocate(int64_t(7) << 20), owners[1]);
  release(owners[1]);
  release(owners[2]);
  set_memory_pool_limit(0);
  EXPECT_EQ(pooled_bytes(), 0);
  set_memory_pool_limit(int64_t(256) << 20);
}

TEST(Memory, ZeroedMeansZero) {
  for (int64_t bytes : {100, 5000, 100000, 6 << 20}) {
    // The second time the block is a recycled one, full of ones.
    for (int round = 0; round < 2; ++round) {
      abi::Owner* owner = allocate_zeroed(bytes);
      ASSERT_NE(owner, nullptr);
      for (int64_t i = 0; i < bytes; ++i) ASSERT_EQ(data_of(owner)[i], 0) << bytes << " " << round;
      std::memset(data_of(owner), 1, static_cast<size_t>(bytes));
      release(owner);
    }
  }
}

TEST(Memory, CompiledCodeCallsIt) {
  const int64_t before = live_blocks();
  auto* owner = static_cast<abi::Owner*>(metate_alloc(nullptr, 1000));
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(live_blocks(), before + 1);
  owner->count = 0;
  metate_destroy(owner);
  EXPECT_EQ(live_blocks(), before);
  EXPECT_EQ(metate_alloc_zeroed(nullptr, -8), nullptr);
}

TEST(Memory, BlocksDoNotOverlap) {
  std::mt19937 random(5);
  std::vector<abi::Owner*> owners;
  std::vector<char> marks;
  for (int step = 0; step < 20000; ++step) {
    if (owners.size() < 50 || random() % 2) {
      const int64_t bytes = random() % 20 ? random() % 3000 : random() % 200000;
      abi::Owner* owner = allocate(bytes);
      ASSERT_NE(owner, nullptr);
      owners.push_back(owner);
      marks.push_back(static_cast<char>(random()));
      std::memset(data_of(owner), marks.back(), static_cast<size_t>(bytes));
    } else {
      const size_t at = random() % owners.size();
      for (int64_t i = 0; i < owners[at]->bytes; i += 61) ASSERT_EQ(data_of(owners[at])[i], marks[at]);
      release(owners[at]);
      owners[at] = owners.back(), owners.pop_back();
      marks[at] = marks.back(), marks.pop_back();
    }
  }
  for (abi::Owner* owner : owners) release(owner);
}

TEST(Memory, BlocksMayBeFreedOnOtherThreads) {
  const int64_t before = live_blocks();
  std::mutex mutex;
  std::deque<abi::Owner*> handed_on;
  std::atomic<int> producing = 4;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 3000; ++i) {
        abi::Owner* owner = allocate(i % 100 == 99 ? 50000 : 16 * (i % 200));
        if (!owner) std::abort();
        std::memset(data_of(owner), t, static_cast<size_t>(owner->bytes));
        std::lock_guard lock(mutex);
        handed_on.push_back(owner);
      }
      --producing;
    });
    threads.emplace_back([&] {
      for (;;) {
        abi::Owner* owner = nullptr;
        {
          std::lock_guard lock(mutex);
          if (!handed_on.empty()) {
            owner = handed_on.front();
            handed_on.pop_front();
          } else if (producing == 0) {
            return;
          }
        }
        if (owner) {
          release(owner);
        } else {
          std::this_thread::yield();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(live_blocks(), before) << "counts of ended threads are kept";
}

TEST(Memory, AThreadThatOnlyFreesHandsBlocksOn) {
  // Were they kept by the freeing thread, each round would need memory of its own.
  std::vector<abi::Owner*> first, last;
  for (int round = 0; round < 50; ++round) {
    std::vector<abi::Owner*> owners;
    for (int i = 0; i < 200; ++i) owners.push_back(allocate(2000));
    (round == 0 ? first : last) = owners;
    std::thread([&] {
      for (abi::Owner* owner : owners) release(owner);
    }).join();
  }
  int again = 0;
  for (abi::Owner* owner : last) again += std::find(first.begin(), first.end(), owner) != first.end();
  EXPECT_GT(again, 150);
}

TEST(Memory, WorksInAForkedChild) {
  std::atomic<bool> stop = false;
  // Others are in the middle of something all the time.
  std::vector<std::thread> busy;
  for (int t = 0; t < 2; ++t) {
    busy.emplace_back([&stop] {
      while (!stop) {
        release(allocate(100000));
        release(allocate(100));
        std::this_thread::yield();
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      for (int64_t bytes : {10, 1000, 30000, 100000, 5 << 20}) release(allocate(bytes));
      if (!kThreadSanitizer) std::thread([] { release(allocate(500)); }).join();
      _exit(0);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  stop = true;
  for (std::thread& thread : busy) thread.join();
}

#if defined(__has_feature) && __has_feature(address_sanitizer)
TEST(MemoryDeathTest, SanitizerSeesMisuse) {
  for (int64_t bytes : {100, 5000, 6 << 20}) {
    abi::Owner* owner = allocate(bytes);
    EXPECT_DEATH(static_cast<volatile char*>(data_of(owner))[bytes] = 1, "use-after-poison");
    release(owner);
    EXPECT_DEATH(static_cast<volatile char*>(data_of(owner))[0] = 1, "use-after-poison");
  }
}
#endif

TEST(Environment, ReadsNumbersAndSizes) {
  const char* name = "METATE_TEST_NUMBER";
  auto read = [&](const char* text, bool as_size) {
    setenv(name, text, 1);
    return read_number(name, 1, as_size);
  };
  EXPECT_EQ(read("12", false), 12);
  EXPECT_EQ(read("12", true), 12);
  EXPECT_EQ(read("3k", true), 3 << 10);
  EXPECT_EQ(read("2G", true), int64_t(2) << 30);
  EXPECT_EQ(read("2G", false), std::nullopt);
  for (const char* text : {"", "0", "-3", "many", "4 ", "G", "9999999999G", "99999999999999999999"}) {
    EXPECT_EQ(read(text, true), std::nullopt) << text;
  }
  unsetenv(name);
  EXPECT_EQ(read_number(name, 1), std::nullopt);
}

}  // namespace
}  // namespace metate::cpu
