// small_blocks – blocks up to 32 KiB: free lists of each thread, with a shared store behind them.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>

#include "runtime/cpu/block.h"

namespace metate::cpu {

inline constexpr int64_t kLargestSmall = 32 << 10;

/// Steps of 64 bytes up to 1 KiB, then four steps for each power of two.
inline constexpr int kSmallClasses = 16 + 4 * 5;
int small_class_of(int64_t total);
int64_t small_capacity(int size_class);

/// A stack of free blocks of one size.
struct FreeList {
  Block* first = nullptr;
  int length = 0;

  void push(Block* block) {
    block->next = first;
    first = block;
    ++length;
  }
  Block* pop() {
    Block* block = first;
    first = block->next;
    --length;
    return block;
  }
  /// Moves up to `count` blocks to `other`.
  void move_to(FreeList& other, int count) {
    while (count-- > 0 && first) other.push(pop());
  }
};

/// What threads have too much of, and what has never been used. Its memory stays with the process.
class SharedStore {
 public:
  /// Fills `list` with `count` blocks, or fewer when there is no memory.
  void take(int size_class, FreeList& list, int count);
  void give(int size_class, FreeList& list, int count);

  std::mutex& mutex() { return mutex_; }

 private:
  Block* carve(int64_t capacity);

  std::mutex mutex_;
  std::array<FreeList, kSmallClasses> lists_;
  std::byte* slab_ = nullptr;
  int64_t slab_left_ = 0;
};

/// The free lists of one thread. A block that was allocated elsewhere is as good as one of our own, so a thread that
/// only frees what another allocates hands the surplus on through the store.
class ThreadLists {
 public:
  Block* allocate(int size_class, SharedStore& store);
  void free(int size_class, Block* block, SharedStore& store);
  void give_all(SharedStore& store);

 private:
  std::array<FreeList, kSmallClasses> lists_;
};

}  // namespace metate::cpu
