// runtime_cpu_memory_test – blocks are aligned, counted, recycled within the limit, and safe across threads and fork.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "runtime/abi/runtime_calls.h"
#include "runtime/cpu/environment.h"
#include "runtime/cpu/large_blocks.h"
#include "runtime/cpu/memory.h"
#include "runtime/cpu/small_blocks.h"

namespace metate::cpu {
namespace {

#if defined(__has_feature) && __has_feature(thread_sanitizer)
constexpr bool kThreadSanitizer = true;  // it ends a forked child that starts a thread
#else
constexpr bool kThreadSanitizer = false;
#endif

#if defined(__has_feature) && __has_feature(address_sanitizer)
constexpr bool kAddressSanitizer = true;  // every block is malloc's own then
#else
constexpr bool kAddressSanitizer = false;
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

TEST(LargeBlocks, AreUsedAgain) {
  LargeBlocks blocks;
  blocks.set_limit(int64_t(256) << 20);
  Block* first = blocks.allocate(int64_t(80) << 20);
  ASSERT_NE(first, nullptr);
  EXPECT_TRUE(first->is_zeroed);
  blocks.free(first);
  EXPECT_GE(blocks.pooled_bytes(), int64_t(80) << 20);
  Block* second = blocks.allocate((int64_t(80) << 20) - 1000);
  EXPECT_EQ(second, first);
  EXPECT_FALSE(second->is_zeroed);
  blocks.free(second);
  blocks.set_limit(0);
}

TEST(LargeBlocks, PoolKeepsItsLimitAndDropsTheOldest) {
  LargeBlocks blocks;
  blocks.set_limit(int64_t(20) << 20);
  EXPECT_EQ(blocks.limit(), int64_t(20) << 20);
  std::vector<Block*> freed;
  for (int64_t mebibytes : {6, 7, 8}) freed.push_back(blocks.allocate(mebibytes << 20));
  for (Block* block : freed) blocks.free(block);
  EXPECT_LE(blocks.pooled_bytes(), int64_t(20) << 20);
  EXPECT_GE(blocks.pooled_bytes(), int64_t(15) << 20);
  EXPECT_EQ(blocks.allocate(int64_t(8) << 20), freed[2]);
  EXPECT_EQ(blocks.allocate(int64_t(7) << 20), freed[1]);
  EXPECT_EQ(blocks.pooled_bytes(), 0) << "the one of 6 MiB went when the third came";
  blocks.free(freed[1]);
  blocks.free(freed[2]);
  blocks.set_limit(0);
  EXPECT_EQ(blocks.pooled_bytes(), 0);
}

TEST(LargeBlocks, ClassesFit) {
  LargeBlocks blocks;
  blocks.set_limit(0);
  for (int64_t total = kLargestSmall + 1; total < int64_t(64) << 20; total += total / 7 + 1) {
    Block* block = blocks.allocate(total);
    ASSERT_NE(block, nullptr);
    EXPECT_GE(block->capacity, total);
    EXPECT_LE(block->capacity, total + total / 8 + 1);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block) % 64, 0u);
    blocks.free(block);
  }
}

TEST(ThreadLists, KeepAndHandOn) {
  static SharedStore& store = *new SharedStore;  // its memory stays with the process
  ThreadLists one, other;
  const int size_class = small_class_of(500);
  std::vector<Block*> blocks;
  for (int i = 0; i < 500; ++i) {
    blocks.push_back(one.allocate(size_class, store));
    ASSERT_NE(blocks.back(), nullptr);
    EXPECT_GE(blocks.back()->capacity, 500);
  }
  std::sort(blocks.begin(), blocks.end());
  EXPECT_EQ(std::adjacent_find(blocks.begin(), blocks.end()), blocks.end()) << "no block twice";
  for (Block* block : blocks) other.free(size_class, block, store);
  other.give_all(store);
  // What comes back are those blocks, but for what was left of the last batch.
  int known = 0;
  for (int i = 0; i < 500; ++i) {
    Block* block = one.allocate(size_class, store);
    known += std::binary_search(blocks.begin(), blocks.end(), block);
    other.free(size_class, block, store);
  }
  EXPECT_GE(known, 450);
  one.give_all(store);
  other.give_all(store);
}

TEST(Memory, PoolHasALimit) {
  set_memory_pool_limit(-1);
  EXPECT_EQ(memory_pool_limit(), 0);
  release(allocate(int64_t(6) << 20));
  EXPECT_EQ(pooled_bytes(), 0);
  set_memory_pool_limit(int64_t(256) << 20);
  release(allocate(int64_t(6) << 20));
  EXPECT_EQ(pooled_bytes() > 0, !kAddressSanitizer);
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
  if (kAddressSanitizer) GTEST_SKIP() << "address sanitizer keeps freed blocks away for a while";
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

TEST(MemoryDeathTest, SanitizerSeesMisuse) {
  if (!kAddressSanitizer) GTEST_SKIP() << "needs address sanitizer";
  for (int64_t bytes : {100, 5000, 6 << 20}) {
    abi::Owner* owner = allocate(bytes);
    EXPECT_DEATH(static_cast<volatile char*>(data_of(owner))[bytes] = 1, "heap-buffer-overflow");
    release(owner);
    EXPECT_DEATH(static_cast<volatile char*>(data_of(owner))[0] = 1, "heap-use-after-free");
  }
}

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
