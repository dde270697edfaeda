// memory – the storage of array temporaries and results, counted by their owner records.
#pragma once

#include <cstdint>

#include "runtime/abi/context.h"
#include "runtime/base/api.h"

namespace metate::cpu {

/// A block of `bytes` with count 1; its data, aligned to 64 bytes, begins abi::kOwnerDataOffset after the owner. Null
/// when there is no memory (or `bytes` is negative). Call owner->destroy when the count has fallen to zero, on any
/// thread.
abi::Owner* allocate(int64_t bytes);

/// The same with all data zero, which costs nothing where the operating system has just zeroed it.
abi::Owner* allocate_zeroed(int64_t bytes);

/// Freed large blocks are kept for later up to this many bytes. The default is 512 MiB or a sixteenth of the machine's
/// memory, whatever is less, or METATE_MEMORY_POOL (for example 2G; 0 keeps none).
METATE_API void set_memory_pool_limit(int64_t bytes);
METATE_API int64_t memory_pool_limit();
METATE_API int64_t pooled_bytes();

/// Blocks that are in use now, and the bytes that were asked for in them. Exact while no other thread allocates.
METATE_API int64_t live_blocks();
METATE_API int64_t allocated_bytes();

struct Allocations {
  int64_t blocks = 0;
  int64_t bytes = 0;  // that were asked for

  Allocations operator-(const Allocations& before) const { return {blocks - before.blocks, bytes - before.bytes}; }
};

/// Of all threads since the process began, with what was freed again.
METATE_API Allocations allocations_so_far();

}  // namespace metate::cpu
