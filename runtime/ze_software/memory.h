// memory – the allocations of a context, found by any address inside them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <vector>

#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/memory_block.h"
#include "runtime/ze_software/newer_tables.h"

namespace metate::ze_software {

struct Device;

inline constexpr ze_driver_memory_free_policy_ext_flags_t kFreePolicies =
    ZE_DRIVER_MEMORY_FREE_POLICY_EXT_FLAG_BLOCKING_FREE | ZE_DRIVER_MEMORY_FREE_POLICY_EXT_FLAG_DEFER_FREE;

enum class Origin { kAllocated, kOpened };  // opened by a handle: another allocation owns the memory

struct Allocation {
  void* base = nullptr;
  size_t size = 0;
  ze_memory_type_t type = ZE_MEMORY_TYPE_UNKNOWN;
  uint64_t id = 0;           // unique in the process, so that a program can tell a recycled address
  Device* device = nullptr;  // null for host memory
  uint32_t atomic_access = newer::kHostAtomics | newer::kDeviceAtomics | newer::kSystemAtomics;
  Origin origin = Origin::kAllocated;
};

/// Numbers by which a program can tell a recycled address.
uint64_t next_allocation_id();

/// All memory is host memory; what differs is only what the API says of it. Safe to use from several threads.
class AllocationMap {
 public:
  /// An allocation of that memory; its address and number are filled in.
  void* add(std::shared_ptr<MemoryBlock> memory, Allocation what);

  /// Forgets the allocation that begins at that address and gives its memory to the caller; null where none of that
  /// origin begins.
  std::shared_ptr<MemoryBlock> take(const void* base, Origin origin);

  /// The memory of the allocation of that origin which begins at that address; null where none does.
  std::shared_ptr<MemoryBlock> memory_at(const void* base, Origin origin) const;

  /// The allocation that the address lies in.
  std::optional<Allocation> find(const void* address) const;
  std::vector<Allocation> all() const;

  /// Of the allocation that the range lies in; false where there is none.
  bool set_atomic_access(const void* start, size_t size, uint32_t attribute);

 private:
  struct Entry {
    Allocation what;
    std::shared_ptr<MemoryBlock> memory;
  };
  const Entry* entry_of(const void* address) const;  // under the lock

  mutable std::shared_mutex mutex_;
  std::map<uintptr_t, Entry> by_base_;
};

}  // namespace metate::ze_software
