// context – the owner of a program's memory, modules, queues and events.
#pragma once

#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/memory.h"

namespace metate::ze_software {

struct Context : _ze_context_handle_t {
  Driver& driver;
  AllocationMap allocations;

  explicit Context(Driver& driver) : driver(driver) {}
};

}  // namespace metate::ze_software
