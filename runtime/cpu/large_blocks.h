// large_blocks – blocks over 32 KiB: huge pages, and a bounded pool of freed ones to use again.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>

#include "runtime/cpu/block.h"

namespace metate::cpu {

/// The pages of a fresh block cost several times what a loop over it costs, so freed blocks are kept up to a limit; the
/// oldest go back to the operating system first. Sizes are rounded up by at most an eighth.
class LargeBlocks {
 public:
  /// A block with room for `total` bytes, header included; null when there is no memory.
  Block* allocate(int64_t total);
  void free(Block* block);

  void set_limit(int64_t bytes);
  int64_t limit() const;
  int64_t pooled_bytes() const;

  /// For fork: no other thread may be in the middle of a change.
  std::mutex& mutex() { return mutex_; }

  LargeBlocks();

 private:
  struct List {
    Block* newest = nullptr;
    Block* oldest = nullptr;
  };
  // Eight classes for each power of two from 2^15 up to what an address space can hold.
  static constexpr int kSmallestPower = 15;
  static constexpr int kClassesPerPower = 8;
  static constexpr int kClasses = (47 - kSmallestPower) * kClassesPerPower;

  static int class_of(int64_t total, int64_t* capacity);
  Block* take_pooled(int size_class);
  void unlink(List& list, Block* block);
  Block* take_oldest();
  void trim(int64_t limit);

  mutable std::mutex mutex_;
  std::array<List, kClasses> lists_;
  int64_t pooled_ = 0;
  int64_t limit_;
  uint64_t clock_ = 0;
};

}  // namespace metate::cpu
