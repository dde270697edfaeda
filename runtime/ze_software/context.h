// context – the owner of a program's memory, modules, queues and events.
#pragma once

#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/ipc_handle.h"
#include "runtime/ze_software/memory.h"
#include "runtime/ze_software/stream_set.h"
#include "runtime/ze_software/virtual_memory.h"

namespace metate::ze_software {

struct Context : _ze_context_handle_t {
  Driver& driver;
  AllocationMap allocations;
  VirtualMemory virtual_memory;
  IpcHandles ipc_handles;
  StreamSet streams;

  explicit Context(Driver& driver) : driver(driver) {}

  /// Allocations, and what is mapped to reserved addresses.
  std::optional<Allocation> find_memory(const void* address) const;

  void add_stream(const std::shared_ptr<Stream>& stream) {
    streams.add(stream);
    driver.device.streams.add(stream);
  }
};

}  // namespace metate::ze_software
