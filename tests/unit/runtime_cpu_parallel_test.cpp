// runtime_cpu_parallel_test – every iteration once, the lowest error, nested, from many threads, after fork.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "runtime/abi/context.h"
#include "runtime/abi/runtime_calls.h"
#include "runtime/cpu/parallel.h"
#include "runtime/cpu/thread_pool.h"

namespace metate::cpu {
namespace {

#if defined(__has_feature) && __has_feature(thread_sanitizer)
#define SKIP_FORK() GTEST_SKIP() << "thread sanitizer ends a forked child that starts threads"
#else
#define SKIP_FORK()
#endif

abi::Context fresh_context() {
  abi::Context context{};
  context.error.site = -1;
  context.stack_limit = nullptr;
  static const int32_t kNever = 0;
  context.interrupt = &kNever;
  return context;
}

struct Pieces {
  std::mutex mutex;
  std::vector<std::pair<int64_t, int64_t>> seen;
};

int32_t note_piece(abi::Context*, void* env, int64_t begin, int64_t end) {
  auto* pieces = static_cast<Pieces*>(env);
  std::lock_guard lock(pieces->mutex);
  pieces->seen.emplace_back(begin, end);
  return abi::kOk;
}

TEST(Parallel, CoversEachIterationOnce) {
  for (int64_t extent : {0, 1, 2, 7, 100, 1000, 12345}) {
    for (int64_t grain : {0, 1, 3, 64, 5000, 100000}) {
      Pieces pieces;
      abi::Context context = fresh_context();
      EXPECT_EQ(parallel_region(&context, extent, grain, note_piece, &pieces), abi::kOk);
      std::sort(pieces.seen.begin(), pieces.seen.end());
      int64_t next = 0;
      for (auto [begin, end] : pieces.seen) {
        EXPECT_EQ(begin, next);
        EXPECT_GT(end, begin);
        if (end != extent) EXPECT_GE(end - begin, grain) << "only the last piece may be short";
        next = end;
      }
      EXPECT_EQ(next, extent);
    }
  }
}

TEST(Parallel, NegativeExtentIsEmpty) {
  Pieces pieces;
  abi::Context context = fresh_context();
  EXPECT_EQ(parallel_region(&context, -5, 1, note_piece, &pieces), abi::kOk);
  EXPECT_TRUE(pieces.seen.empty());
}

struct Meeting {
  std::atomic<int> present = 0;
  std::atomic<int> most = 0;
};

// Stays until another thread is there, but not for ever: the test must end where there is one CPU.
int32_t meet(abi::Context*, void* env, int64_t, int64_t) {
  auto* meeting = static_cast<Meeting*>(env);
  const int now = meeting->present.fetch_add(1) + 1;
  int most = meeting->most.load();
  while (now > most && !meeting->most.compare_exchange_weak(most, now)) {
  }
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (meeting->most.load() < 2 && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
  meeting->present.fetch_sub(1);
  return abi::kOk;
}

TEST(Parallel, ThreadsWorkAtTheSameTime) {
  if (max_threads() < 2) GTEST_SKIP() << "one CPU";
  Meeting meeting;
  abi::Context context = fresh_context();
  EXPECT_EQ(parallel_region(&context, 2, 1, meet, &meeting), abi::kOk);
  EXPECT_EQ(meeting.most, 2);
}

struct Failing {
  std::set<int64_t> at;
  std::vector<std::atomic<char>> done;
  explicit Failing(size_t extent, std::set<int64_t> at) : at(std::move(at)), done(extent) {}
};

int32_t fail_at(abi::Context* context, void* env, int64_t begin, int64_t end) {
  auto* failing = static_cast<Failing*>(env);
  for (int64_t i = begin; i < end; ++i) {
    if (failing->at.count(i)) {
      context->error = {.site = 7, .trace_length = 0, .values = {i}};
      return abi::kRaised;
    }
    failing->done[static_cast<size_t>(i)] = 1;
  }
  return abi::kOk;
}

TEST(Parallel, LowestErrorWins) {
  for (int round = 0; round < 200; ++round) {
    Failing failing(1000, {990, 321 + round, 700, 999});
    abi::Context context = fresh_context();
    ASSERT_EQ(parallel_region(&context, 1000, 1, fail_at, &failing), abi::kRaised);
    ASSERT_EQ(context.error.site, 7);
    ASSERT_EQ(context.error.values[0], 321 + round);
    for (size_t i = 0; i < size_t(321 + round); ++i) ASSERT_TRUE(failing.done[i]) << "all below the error have run";
  }
}

TEST(Parallel, ErrorLeavesContextAloneWhenNoneHappens) {
  Failing failing(100, {});
  abi::Context context = fresh_context();
  EXPECT_EQ(parallel_region(&context, 100, 1, fail_at, &failing), abi::kOk);
  EXPECT_EQ(context.error.site, -1);
}

struct Inherited {
  int32_t interrupt = 0;
  abi::HostCalls host{};
  std::atomic<int> wrong = 0;
};

TEST(Parallel, PiecesGetTheCallersHostAndAStackLimit) {
  Inherited inherited;
  abi::Context context = fresh_context();
  context.interrupt = &inherited.interrupt;
  context.host = &inherited.host;
  auto body = [](abi::Context* mine, void* env, int64_t, int64_t) -> int32_t {
    auto* expected = static_cast<Inherited*>(env);
    const char* here = static_cast<const char*>(__builtin_frame_address(0));
    if (mine->stack_limit > here || *mine->interrupt != 0 || mine->host != &expected->host) ++expected->wrong;
    return abi::kOk;
  };
  EXPECT_EQ(parallel_region(&context, 64, 1, body, &inherited), abi::kOk);
  EXPECT_EQ(inherited.wrong, 0);
}

TEST(Parallel, AnInterruptMakesAllThreadsLeave) {
  Inherited inherited;
  inherited.interrupt = abi::kAsk;
  inherited.host.interrupted = [](abi::Context* context) -> int32_t {
    context->error.site = -1;
    return abi::kRaised;
  };
  abi::Context context = fresh_context();
  context.interrupt = &inherited.interrupt;
  context.host = &inherited.host;
  // Pieces that end only when they are told to; the caller is told by its host before its first one.
  auto body = [](abi::Context* mine, void*, int64_t, int64_t) -> int32_t {
    while (__atomic_load_n(mine->interrupt, __ATOMIC_RELAXED) == abi::kGoOn) std::this_thread::yield();
    mine->error.site = -1;
    return abi::kRaised;
  };
  EXPECT_EQ(parallel_region(&context, 64, 1, body, nullptr), abi::kRaised);
  EXPECT_EQ(context.error.site, -1);
}

struct Sum {
  std::atomic<int64_t> total = 0;
  int64_t inner = 100;
};

int32_t add_pieces(abi::Context*, void* env, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) static_cast<Sum*>(env)->total += i;
  return abi::kOk;
}

int32_t nested(abi::Context* context, void* env, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) {
    const int32_t status = parallel_region(context, static_cast<Sum*>(env)->inner, 1, add_pieces, env);
    if (status != abi::kOk) return status;
  }
  return abi::kOk;
}

TEST(Parallel, RegionsNest) {
  for (int round = 0; round < 50; ++round) {
    Sum sum;
    abi::Context context = fresh_context();
    ASSERT_EQ(parallel_region(&context, 50, 1, nested, &sum), abi::kOk);
    ASSERT_EQ(sum.total, 50 * 4950);
  }
}

TEST(Parallel, ErrorsCrossNestedRegions) {
  auto outer = [](abi::Context* context, void* env, int64_t begin, int64_t end) -> int32_t {
    for (int64_t i = begin; i < end; ++i) {
      if (parallel_region(context, 100, 1, fail_at, env) != abi::kOk) {
        context->error.values[1] = i;
        return abi::kRaised;
      }
    }
    return abi::kOk;
  };
  Failing failing(100, {33, 66});
  abi::Context context = fresh_context();
  EXPECT_EQ(parallel_region(&context, 20, 1, outer, &failing), abi::kRaised);
  EXPECT_EQ(context.error.values[0], 33);
  EXPECT_EQ(context.error.values[1], 0);
}

// While it waits for its inner region, a thread must not take up another outer iteration: the lock would be taken
// twice.
TEST(Parallel, WaitingThreadsDoNotTakeOuterWork) {
  auto outer = [](abi::Context* context, void* env, int64_t begin, int64_t end) -> int32_t {
    static thread_local bool is_busy = false;
    for (int64_t i = begin; i < end; ++i) {
      if (is_busy) return abi::kRaised;
      is_busy = true;
      const int32_t status = parallel_region(context, 8, 1, add_pieces, env);
      is_busy = false;
      if (status != abi::kOk) return status;
    }
    return abi::kOk;
  };
  Sum sum;
  abi::Context context = fresh_context();
  EXPECT_EQ(parallel_region(&context, 2000, 1, outer, &sum), abi::kOk);
}

TEST(Parallel, ManyCallersAtOnce) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> callers;
  for (int t = 0; t < 32; ++t) {
    callers.emplace_back([&wrong] {
      for (int round = 0; round < 30; ++round) {
        Sum sum;
        abi::Context context = fresh_context();
        const bool deep = round % 10 == 0;
        const int32_t status =
            deep ? parallel_region(&context, 10, 1, nested, &sum) : parallel_region(&context, 100, 1, add_pieces, &sum);
        if (status != abi::kOk || sum.total != (deep ? 10 * 4950 : 4950)) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
}

struct Threads {
  std::mutex mutex;
  std::set<std::thread::id> ids;
  std::set<int> indices, masks;
};

int32_t note_thread(abi::Context*, void* env, int64_t, int64_t) {
  auto* threads = static_cast<Threads*>(env);
  std::lock_guard lock(threads->mutex);
  threads->ids.insert(std::this_thread::get_id());
  threads->indices.insert(thread_index());
  threads->masks.insert(get_num_threads());
  return abi::kOk;
}

TEST(Parallel, MaskLimitsTheThreadsOfARegion) {
  EXPECT_EQ(get_num_threads(), max_threads());
  EXPECT_FALSE(set_num_threads(0));
  EXPECT_FALSE(set_num_threads(max_threads() + 1));
  ASSERT_TRUE(set_num_threads(1));
  Threads threads;
  abi::Context context = fresh_context();
  EXPECT_EQ(parallel_region(&context, 1000, 1, note_thread, &threads), abi::kOk);
  EXPECT_EQ(threads.ids, std::set{std::this_thread::get_id()});
  EXPECT_EQ(threads.indices, std::set{0});
  // Another thread has its own mask.
  std::thread([] { EXPECT_EQ(get_num_threads(), max_threads()); }).join();
  ASSERT_TRUE(set_num_threads(max_threads()));
}

TEST(Parallel, RegionsInsideARegionInheritTheMask) {
  if (max_threads() < 2) GTEST_SKIP() << "one CPU";
  ASSERT_TRUE(set_num_threads(2));
  Threads threads;
  abi::Context context = fresh_context();
  EXPECT_EQ(parallel_region(&context, 1000, 1, note_thread, &threads), abi::kOk);
  EXPECT_EQ(threads.masks, std::set{2});
  EXPECT_LE(threads.ids.size(), 2u);
  EXPECT_GE(*threads.indices.begin(), 0);
  EXPECT_LT(*threads.indices.rbegin(), 2);
  ASSERT_TRUE(set_num_threads(max_threads()));
  EXPECT_EQ(thread_index(), 0);
}

TEST(Parallel, WorksInAForkedChild) {
  SKIP_FORK();
  Sum warm;
  abi::Context context = fresh_context();
  ASSERT_EQ(parallel_region(&context, 100, 1, add_pieces, &warm), abi::kOk);
  for (int round = 0; round < 10; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Sum sum;
      const bool ok = parallel_region(&context, 50, 1, nested, &sum) == abi::kOk && sum.total == 50 * 4950;
      // With one thread nothing was ever asked of oneTBB.
      _exit(ok && (max_threads() == 1 || threading_layer() == "std") ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  // The parent goes on as before.
  EXPECT_EQ(parallel_region(&context, 100, 1, add_pieces, &warm), abi::kOk);
  EXPECT_EQ(warm.total, 2 * 4950);
}

// In a child of this process: a thread enters its first region, and is `delay` into that when the process is forked.
bool forks_beside_first_region(std::chrono::microseconds delay) {
  std::atomic<bool> is_there = false;
  std::thread first([&] {
    abi::Context context = fresh_context();
    Sum sum;
    is_there = true;
    parallel_region(&context, 100, 1, add_pieces, &sum);
  });
  while (!is_there) {
  }
  const auto end = std::chrono::steady_clock::now() + delay;
  while (std::chrono::steady_clock::now() < end) {
  }
  const pid_t child = fork();
  if (child == 0) {
    alarm(10);  // ends one that waits for a thread which it has not
    abi::Context context = fresh_context();
    Sum sum;
    _exit(parallel_region(&context, 100, 1, add_pieces, &sum) == abi::kOk && sum.total == 4950 ? 0 : 1);
  }
  first.join();
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(Parallel, AForkMayMeetTheFirstRegion) {
  SKIP_FORK();
  for (int delay = 0; delay < 300; ++delay) {
    const pid_t process = fork();
    ASSERT_GE(process, 0);
    if (process == 0) _exit(forks_beside_first_region(std::chrono::microseconds(3 * delay)) ? 0 : 1);
    int status = 0;
    ASSERT_EQ(waitpid(process, &status, 0), process);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << 3 * delay << " us";
  }
}

TEST(Parallel, CompiledCodeCallsIt) {
  Failing failing(100, {5});
  abi::Context context = fresh_context();
  EXPECT_EQ(metate_parallel(&context, 100, 1, reinterpret_cast<void*>(fail_at), &failing), abi::kRaised);
  EXPECT_EQ(context.error.values[0], 5);
}

TEST(StdPool, RunsWorkOnThreads) {
  for (int round = 0; round < 300; ++round) {
    std::atomic<int> calls = 0;
    std_pool::run_on_threads(3, [](void* argument) { ++*static_cast<std::atomic<int>*>(argument); }, &calls);
    ASSERT_GE(calls, 1);
    ASSERT_LE(calls, 4);
  }
}

TEST(StdPool, HelpersCome) {
  // Every call waits until four are there, so this ends only if three helpers come.
  std::atomic<int> present = 0;
  std_pool::run_on_threads(
      3,
      [](void* argument) {
        auto* count = static_cast<std::atomic<int>*>(argument);
        ++*count;
        while (*count < 4) std::this_thread::yield();
      },
      &present);
  EXPECT_EQ(present, 4);
}

TEST(StdPool, BeginsAnewInAForkedChild) {
  SKIP_FORK();
  std::atomic<int> calls = 0;
  auto count = [](void* argument) { ++*static_cast<std::atomic<int>*>(argument); };
  std_pool::run_on_threads(3, count, &calls);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // Ends only if the child has a worker of its own.
    std::atomic<int> present = 0;
    std_pool::run_on_threads(
        1,
        [](void* argument) {
          auto* mine = static_cast<std::atomic<int>*>(argument);
          ++*mine;
          while (*mine < 2) std::this_thread::yield();
        },
        &present);
    _exit(present == 2 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace
}  // namespace metate::cpu
