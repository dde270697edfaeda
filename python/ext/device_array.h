// device_array – `metate.DeviceArray` as an argument, taken apart without the protocol that other arrays follow.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>
#include <span>

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

struct NewDeviceArray {
  nanobind::object array;
  nanobind::handle layout;  // its part
};

/// A device array with any content, in C's order. `dtype`: of NumPy. Throws a Python exception.
NewDeviceArray new_device_array(const QueueRef& queue, level_zero::MemoryKind kind, std::span<const int64_t> shape,
                                nanobind::handle dtype);

/// Adds to the module what metate/device_array makes its class known with.
void add_device_arrays(nanobind::module_& module);

}  // namespace metate::ext
