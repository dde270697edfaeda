#include "runtime/cpu/large_blocks.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "runtime/cpu/environment.h"

namespace metate::cpu {
namespace {

constexpr int64_t kHugePage = int64_t(2) << 20;

// From here on blocks are mapped by themselves, on huge pages; below, malloc keeps the number of mappings small.
constexpr int64_t kMappedFrom = int64_t(4) << 20;

void* map_aligned(int64_t bytes) {
  const size_t padded = static_cast<size_t>(bytes + kHugePage);
  void* mapped = mmap(nullptr, padded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  const auto begin = reinterpret_cast<uintptr_t>(mapped);
  const uintptr_t aligned = (begin + kHugePage - 1) & ~static_cast<uintptr_t>(kHugePage - 1);
  if (aligned > begin) munmap(mapped, aligned - begin);
  const uintptr_t end = begin + padded, used = aligned + static_cast<uintptr_t>(bytes);
  if (end > used) munmap(reinterpret_cast<void*>(used), end - used);
  // A hint: without huge pages everything works, only slower.
  madvise(reinterpret_cast<void*>(aligned), static_cast<size_t>(bytes), MADV_HUGEPAGE);
  return reinterpret_cast<void*>(aligned);
}

Block* make_block(int64_t capacity) {
  const bool is_mapped = capacity >= kMappedFrom;
  void* memory = is_mapped ? map_aligned(capacity) : std::aligned_alloc(64, static_cast<size_t>(capacity));
  if (!memory) return nullptr;
  Block* block = static_cast<Block*>(memory);
  block->capacity = capacity;
  block->is_zeroed = is_mapped;
  return block;
}

void give_back(Block* block) {
  if (block->capacity >= kMappedFrom) {
    munmap(block, static_cast<size_t>(block->capacity));
  } else {
    std::free(block);
  }
}

int64_t default_limit() {
  const int64_t memory = int64_t(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
  return std::min(int64_t(512) << 20, memory / 16);
}

}  // namespace

LargeBlocks::LargeBlocks() : limit_(read_number("METATE_MEMORY_POOL", 0, /*as_size=*/true).value_or(default_limit())) {}

int LargeBlocks::class_of(int64_t total, int64_t* capacity) {
  const int power = std::max(kSmallestPower, static_cast<int>(std::bit_width(static_cast<uint64_t>(total - 1))) - 1);
  const int64_t base = int64_t(1) << power, step = base / kClassesPerPower;
  const int64_t steps = std::max<int64_t>(1, (total - base + step - 1) / step);
  *capacity = base + steps * step;
  return (power - kSmallestPower) * kClassesPerPower + static_cast<int>(steps) - 1;
}

Block* LargeBlocks::allocate(int64_t total) {
  int64_t capacity;
  const int size_class = class_of(total, &capacity);
  if (size_class >= kClasses) return nullptr;
  if (Block* block = take_pooled(size_class)) return block;
  if (Block* block = make_block(capacity)) return block;
  // What is kept for later may be what is missing now.
  std::lock_guard lock(mutex_);
  trim(0);
  return make_block(capacity);
}

Block* LargeBlocks::take_pooled(int size_class) {
  std::lock_guard lock(mutex_);
  // A block of the next class is an eighth larger at most: better than a fresh one.
  for (int c = size_class; c < std::min(size_class + 2, kClasses); ++c) {
    List& list = lists_[static_cast<size_t>(c)];
    // The newest is the one whose data is most likely still in the caches.
    if (Block* block = list.newest) {
      unlink(list, block);
      return block;
    }
  }
  return nullptr;
}

void LargeBlocks::free(Block* block) {
  block->is_zeroed = false;
  int64_t capacity;
  std::lock_guard lock(mutex_);
  List& list = lists_[static_cast<size_t>(class_of(block->capacity, &capacity))];
  block->stamp = clock_++;
  block->next = list.newest;
  block->previous = nullptr;
  (list.newest ? list.newest->previous : list.oldest) = block;
  list.newest = block;
  pooled_ += block->capacity;
  trim(limit_);
}

void LargeBlocks::unlink(List& list, Block* block) {
  (block->previous ? block->previous->next : list.newest) = block->next;
  (block->next ? block->next->previous : list.oldest) = block->previous;
  pooled_ -= block->capacity;
}

Block* LargeBlocks::take_oldest() {
  List* found = nullptr;
  for (List& list : lists_) {
    if (list.oldest && (!found || list.oldest->stamp < found->oldest->stamp)) found = &list;
  }
  if (!found) return nullptr;
  Block* block = found->oldest;
  unlink(*found, block);
  return block;
}

void LargeBlocks::trim(int64_t limit) {
  while (pooled_ > limit) {
    if (Block* block = take_oldest()) give_back(block);
  }
}

void LargeBlocks::set_limit(int64_t bytes) {
  std::lock_guard lock(mutex_);
  limit_ = bytes;
  trim(limit_);
}

int64_t LargeBlocks::limit() const {
  std::lock_guard lock(mutex_);
  return limit_;
}

int64_t LargeBlocks::pooled_bytes() const {
  std::lock_guard lock(mutex_);
  return pooled_;
}

}  // namespace metate::cpu
