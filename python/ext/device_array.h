// device_array – `metate.DeviceArray` as an argument, taken apart without the protocol that other arrays follow.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>

#include "python/ext/queue_ref.h"
#include "runtime/level_zero/memory.h"

namespace metate::ext {

/// What a device array is made of.
struct DeviceArrayParts {
  PyObject* layout;  // a NumPy array that says where it lies; the device array owns it
  QueueRef queue;
  level_zero::MemoryKind kind;
};

/// Nothing for other objects.
std::optional<DeviceArrayParts> parts_of_device_array(PyObject* object);

/// Adds to the module what metate/device_array makes its class known with.
void add_device_arrays(nanobind::module_& module);

}  // namespace metate::ext
