// usm_memory – memory that a device reaches, as a Python object; and memory of any kind as what copies work on.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <span>

#include "python/ext/queue_ref.h"
#include "python/ext/ref.h"
#include "runtime/level_zero/memory.h"

namespace metate::ext {

/// Memory of its own, or part of another object's that `owner` keeps alive.
struct UsmMemory {
  QueueRef queue;  // before the allocation, which lies on its device
  level_zero::Allocation allocation;
  Ref owner;
  char* data = nullptr;
  size_t size = 0;
  level_zero::MemoryKind kind = level_zero::MemoryKind::kShared;
};

/// Makes memory in the place of an object that is none yet. Throws USMAllocationError.
void allocate_memory(UsmMemory* self, level_zero::MemoryKind kind, size_t bytes, size_t alignment, QueueRef queue);

/// A NumPy array of that shape and dtype at the memory's beginning, to be passed on and never to be read.
nanobind::object layout_of(const UsmMemory& memory, std::span<const int64_t> shape, nanobind::handle dtype);

/// "shared", "host", "device".
const char* usm_type_name(level_zero::MemoryKind kind);

/// Bytes that a copy reads or writes. `holder` keeps them where they are.
struct Bytes {
  char* data = nullptr;
  size_t size = 0;
  Ref holder;
  QueueRef queue;  // of memory that a device reaches
};

/// The bytes of memory that a device reaches, or of a buffer of the host. Throws TypeError or ValueError for what is
/// neither, does not lie in one piece, or cannot be written.
Bytes bytes_of(nanobind::handle object, bool writable);

/// Adds class UsmMemory, the base of MemoryUSMShared and others, to the module.
void add_usm_memory(nanobind::module_& module);

}  // namespace metate::ext
