// memory – blocks of arrays for code that runs without Metate: malloc's, without a pool, so that they may outlive it.
#include <stdint.h>
#include <stdlib.h>

#include "runtime/abi/context.h"
#include "runtime/abi/runtime_calls.h"

namespace {

using metate::abi::kOwnerDataOffset;
using metate::abi::Owner;

/// Stands in front of the data; malloc's own address is what free() wants.
struct Block {
  Owner owner;
  void* given;
};
static_assert(sizeof(Block) <= kOwnerDataOffset && offsetof(Block, owner) == 0);

void destroy(Owner* owner) { free(reinterpret_cast<Block*>(owner)->given); }

template <class Take>
void* make_block(int64_t bytes, Take take) {
  constexpr int64_t kMost = int64_t(1) << 46;  // more than an address space holds
  if (bytes < 0 || bytes > kMost) return nullptr;
  void* given = take(static_cast<size_t>(bytes + 2 * kOwnerDataOffset));
  if (!given) return nullptr;
  const auto address = (reinterpret_cast<uintptr_t>(given) + kOwnerDataOffset - 1) & ~uintptr_t(kOwnerDataOffset - 1);
  auto* block = reinterpret_cast<Block*>(address);
  block->owner = {.count = 1, .bytes = bytes, .destroy = destroy};
  block->given = given;
  return block;
}

}  // namespace

extern "C" void* metate_alloc(void*, int64_t bytes) { return make_block(bytes, malloc); }

extern "C" void* metate_alloc_zeroed(void*, int64_t bytes) {
  // Large blocks come zeroed from the system, and calloc knows it.
  return make_block(bytes, [](size_t size) { return calloc(1, size); });
}

extern "C" void metate_destroy(void* owner) {
  auto* record = static_cast<Owner*>(owner);
  record->destroy(record);
}
