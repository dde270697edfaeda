#include "runtime/cpu/small_blocks.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace metate::cpu {
namespace {

constexpr int64_t kSlab = 256 << 10;

// Blocks that go between a thread and the store at once; a thread keeps twice as many of a size.
int batch(int size_class) {
  return static_cast<int>(std::clamp<int64_t>((32 << 10) / small_capacity(size_class), 2, 32));
}

}  // namespace

int small_class_of(int64_t total) {
  if (total <= 1024) return static_cast<int>((std::max<int64_t>(total, 1) - 1) / 64);
  const int power = static_cast<int>(std::bit_width(static_cast<uint64_t>(total - 1))) - 1;
  const int64_t step = int64_t(1) << (power - 2);
  const auto steps = static_cast<int>((total - (int64_t(1) << power) + step - 1) / step);
  return 16 + 4 * (power - 10) + steps - 1;
}

int64_t small_capacity(int size_class) {
  if (size_class < 16) return 64 * (size_class + 1);
  const int power = 10 + (size_class - 16) / 4, steps = (size_class - 16) % 4 + 1;
  return (int64_t(1) << power) + steps * (int64_t(1) << (power - 2));
}

Block* SharedStore::carve(int64_t capacity) {
  if (slab_left_ < capacity) {
    // What is left of the old slab is too small for this size and is given up: 12 % at the very most.
    slab_ = static_cast<std::byte*>(std::aligned_alloc(64, kSlab));
    slab_left_ = slab_ ? kSlab : 0;
    if (!slab_) return nullptr;
  }
  Block* block = reinterpret_cast<Block*>(slab_);
  slab_ += capacity;
  slab_left_ -= capacity;
  block->capacity = capacity;
  block->is_zeroed = false;
  return block;
}

void SharedStore::take(int size_class, FreeList& list, int count) {
  std::lock_guard lock(mutex_);
  FreeList& mine = lists_[static_cast<size_t>(size_class)];
  mine.move_to(list, count);
  while (list.length < count) {
    Block* block = carve(small_capacity(size_class));
    if (!block) return;
    list.push(block);
  }
}

void SharedStore::give(int size_class, FreeList& list, int count) {
  std::lock_guard lock(mutex_);
  list.move_to(lists_[static_cast<size_t>(size_class)], count);
}

Block* ThreadLists::allocate(int size_class, SharedStore& store) {
  FreeList& list = lists_[static_cast<size_t>(size_class)];
  if (!list.first) store.take(size_class, list, batch(size_class));
  return list.first ? list.pop() : nullptr;
}

void ThreadLists::free(int size_class, Block* block, SharedStore& store) {
  FreeList& list = lists_[static_cast<size_t>(size_class)];
  list.push(block);
  if (list.length > 2 * batch(size_class)) store.give(size_class, list, batch(size_class));
}

void ThreadLists::give_all(SharedStore& store) {
  for (int size_class = 0; size_class < kSmallClasses; ++size_class) {
    FreeList& list = lists_[static_cast<size_t>(size_class)];
    store.give(size_class, list, list.length);
  }
}

}  // namespace metate::cpu
