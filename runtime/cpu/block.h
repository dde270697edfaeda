// block – what stands before the data of every block of memory: its owner record and what the allocator notes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/abi/context.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define METATE_ASAN 1
#endif
#endif
#ifdef METATE_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace metate::cpu {

/// `owner` is what compiled code sees. While a block is free, its data is poisoned for address sanitizer; while it is
/// in use, what lies behind the requested bytes is.
struct Block {
  abi::Owner owner;
  Block* next;       // in a free list
  Block* previous;   // in a free list of large blocks
  int64_t capacity;  // with this header
  uint64_t stamp;    // of large blocks: when it was freed
  bool is_zeroed;    // the data has been zero ever since the operating system gave it

  std::byte* data() { return reinterpret_cast<std::byte*>(this) + abi::kOwnerDataOffset; }
  int64_t data_capacity() const { return capacity - abi::kOwnerDataOffset; }
};
static_assert(sizeof(Block) <= abi::kOwnerDataOffset && offsetof(Block, owner) == 0);

inline void poison_data(Block* block) {
#ifdef METATE_ASAN
  ASAN_POISON_MEMORY_REGION(block->data(), static_cast<size_t>(block->data_capacity()));
#else
  (void)block;
#endif
}

inline void unpoison_data(Block* block, int64_t bytes) {
#ifdef METATE_ASAN
  ASAN_UNPOISON_MEMORY_REGION(block->data(), static_cast<size_t>(bytes));
#else
  (void)block, (void)bytes;
#endif
}

}  // namespace metate::cpu
