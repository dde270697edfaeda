#include "runtime/cpu/memory.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

#include "runtime/abi/runtime_calls.h"
#include "runtime/base/assert.h"
#include "runtime/base/at_fork.h"
#include "runtime/cpu/large_blocks.h"
#include "runtime/cpu/small_blocks.h"

namespace metate::cpu {
namespace {

// Address sanitizer sees misuse of a block only if malloc gave it and gets it back.
#if defined(__has_feature) && __has_feature(address_sanitizer)
constexpr bool kUseMalloc = true;
#else
constexpr bool kUseMalloc = false;
#endif

// Changed by one thread alone, read by all: no locked instructions.
class Counter {
 public:
  void add(int64_t amount) { value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed); }
  int64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_ = 0;
};

// What a thread has; blocks may be allocated by one thread and freed by another, so only the sums mean something.
struct ThreadHeap {
  ThreadLists lists;
  Counter blocks, bytes;              // allocated so far
  Counter freed_blocks, freed_bytes;  // of these and others'
  ThreadHeap* next = nullptr;
};

struct Heap {
  LargeBlocks large;
  SharedStore store;
  std::mutex mutex;  // of the fields below
  ThreadHeap* threads = nullptr;
  // Counted by threads that have ended.
  int64_t gone_blocks = 0, gone_bytes = 0, gone_freed_blocks = 0, gone_freed_bytes = 0;

  void lock_all() {
    mutex.lock();
    store.mutex().lock();
    large.mutex().lock();
  }
  void unlock_all() {
    large.mutex().unlock();
    store.mutex().unlock();
    mutex.unlock();
  }
};

// Never destroyed: arrays may be freed after the static objects of the process are gone.
Heap& heap() {
  static Heap* const kHeap = new Heap;
  return *kHeap;
}

const base::AtFork kHoldsHeap([] { heap().lock_all(); }, [] { heap().unlock_all(); }, [] { heap().unlock_all(); });

void retire(ThreadHeap* mine) {
  mine->lists.give_all(heap().store);
  std::lock_guard lock(heap().mutex);
  heap().gone_blocks += mine->blocks.get();
  heap().gone_bytes += mine->bytes.get();
  heap().gone_freed_blocks += mine->freed_blocks.get();
  heap().gone_freed_bytes += mine->freed_bytes.get();
  for (ThreadHeap** link = &heap().threads; *link; link = &(*link)->next) {
    if (*link == mine) {
      *link = mine->next;
      break;
    }
  }
  delete mine;
}

// Plain data, so that it can be looked at before it is made and after it is gone.
thread_local ThreadHeap* current_heap = nullptr;

struct Retirement {
  ~Retirement() {
    if (ThreadHeap* mine = std::exchange(current_heap, nullptr)) retire(mine);
  }
  void arm() {}
};
thread_local Retirement retirement;

ThreadHeap* make_thread_heap() {
  auto* mine = new (std::nothrow) ThreadHeap;
  if (!mine) return nullptr;
  std::lock_guard lock(heap().mutex);
  mine->next = heap().threads;
  heap().threads = mine;
  current_heap = mine;
  retirement.arm();
  return mine;
}

// A thread that frees arrays in the destructors of its own thread-local objects comes here again after its heap has
// retired; the new one is then never retired, and only what is in its lists is lost.
ThreadHeap* thread_heap() { return current_heap ? current_heap : make_thread_heap(); }

Block* take_from_malloc(int64_t total) {
  constexpr int64_t kMost = int64_t(1) << 39;  // address sanitizer ends the process at twice this size
  if (total > kMost) return nullptr;
  void* memory = nullptr;
  if (posix_memalign(&memory, 64, static_cast<size_t>(total)) != 0) return nullptr;
  auto* block = static_cast<Block*>(memory);
  block->is_zeroed = false;
  return block;
}

Block* take_block(int64_t total, ThreadHeap& mine) {
  if (kUseMalloc) return take_from_malloc(total);
  if (total > kLargestSmall) return heap().large.allocate(total);
  return mine.lists.allocate(small_class_of(total), heap().store);
}

void give_block(Block* block, ThreadHeap* mine) {
  if (kUseMalloc) return std::free(block);
  if (block->capacity > kLargestSmall) return heap().large.free(block);
  const int size_class = small_class_of(block->capacity);
  if (mine) return mine->lists.free(size_class, block, heap().store);
  FreeList single;
  single.push(block);
  heap().store.give(size_class, single, 1);
}

void destroy(abi::Owner* owner) {
  METATE_ASSERT(owner->count == 0);
  ThreadHeap* mine = thread_heap();
  if (mine) {
    mine->freed_blocks.add(1);
    mine->freed_bytes.add(owner->bytes);
  }
  give_block(reinterpret_cast<Block*>(owner), mine);
}

Block* allocate_block(int64_t bytes) {
  constexpr int64_t kMost = int64_t(1) << 46;  // more than an address space holds
  if (bytes < 0 || bytes > kMost) return nullptr;
  ThreadHeap* mine = thread_heap();
  if (!mine) return nullptr;
  Block* block = take_block(bytes + abi::kOwnerDataOffset, *mine);
  if (!block) return nullptr;
  mine->blocks.add(1);
  mine->bytes.add(bytes);
  block->owner = {.count = 1, .bytes = bytes, .destroy = destroy};
  return block;
}

struct Counts {
  Allocations made, freed;
};

Counts counts() {
  std::lock_guard lock(heap().mutex);
  Counts all{{heap().gone_blocks, heap().gone_bytes}, {heap().gone_freed_blocks, heap().gone_freed_bytes}};
  for (const ThreadHeap* thread = heap().threads; thread; thread = thread->next) {
    all.made.blocks += thread->blocks.get();
    all.made.bytes += thread->bytes.get();
    all.freed.blocks += thread->freed_blocks.get();
    all.freed.bytes += thread->freed_bytes.get();
  }
  return all;
}

}  // namespace

abi::Owner* allocate(int64_t bytes) {
  Block* block = allocate_block(bytes);
  return block ? &block->owner : nullptr;
}

abi::Owner* allocate_zeroed(int64_t bytes) {
  Block* block = allocate_block(bytes);
  if (!block) return nullptr;
  if (!block->is_zeroed) std::memset(block->data(), 0, static_cast<size_t>(bytes));
  return &block->owner;
}

void set_memory_pool_limit(int64_t bytes) { heap().large.set_limit(bytes < 0 ? 0 : bytes); }
int64_t memory_pool_limit() { return heap().large.limit(); }
int64_t pooled_bytes() { return heap().large.pooled_bytes(); }

int64_t live_blocks() {
  const Counts all = counts();
  return all.made.blocks - all.freed.blocks;
}

int64_t allocated_bytes() {
  const Counts all = counts();
  return all.made.bytes - all.freed.bytes;
}

Allocations allocations_so_far() { return counts().made; }

}  // namespace metate::cpu

extern "C" void* metate_alloc(void*, int64_t bytes) { return metate::cpu::allocate(bytes); }

extern "C" void* metate_alloc_zeroed(void*, int64_t bytes) { return metate::cpu::allocate_zeroed(bytes); }

extern "C" void metate_destroy(void* owner) {
  auto* record = static_cast<metate::abi::Owner*>(owner);
  record->destroy(record);
}
