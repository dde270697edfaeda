// block – what stands before the data of every block of memory: its owner record and what the allocator notes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/abi/context.h"

namespace metate::cpu {

/// `owner` is what compiled code sees.
struct Block {
  abi::Owner owner;
  Block* next;       // in a free list
  Block* previous;   // in a free list of large blocks
  int64_t capacity;  // with this header
  uint64_t stamp;    // of large blocks: when it was freed
  bool is_zeroed;    // the data has been zero ever since the operating system gave it

  std::byte* data() { return reinterpret_cast<std::byte*>(this) + abi::kOwnerDataOffset; }
};
static_assert(sizeof(Block) <= abi::kOwnerDataOffset && offsetof(Block, owner) == 0);

}  // namespace metate::cpu
