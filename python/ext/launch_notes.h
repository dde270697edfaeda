// launch_notes – what a driver's error of a launch means for the kernel as it was written.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <span>
#include <string>

#include "compiler/driver/device_use.h"
#include "runtime/base/result.h"
#include "runtime/level_zero/devices.h"

namespace metate::ext {

class Interpreter;

struct LaunchNotes {
  std::string kernel;  // its name in Python
  uint64_t local_bytes = 0;
  std::string largest_array;     // where it asks for that: "kernel.py:12"
  std::string meetings;          // where its items wait for each other: "kernel.py:14, kernel.py:16"
  std::string float64, float16;  // how such numbers come in: "by its parameter 'x'", "by the value at kernel.py:12"
  std::string wide_atomics;      // where the first of 64 bits is: "at kernel.py:14, on its parameter 'x'"
};

/// `function` is the kernel in Python.
LaunchNotes notes_of(nanobind::handle function, const driver::DeviceUse& use, Interpreter& interpreter);

/// The error, in words of the kernel where it is one of its making: items of a group that part at a barrier, or more
/// local memory than the device has. `accessor_bytes` are those of its arguments in local memory.
base::Error explained(base::Error error, const LaunchNotes& notes, size_t accessor_bytes,
                      const level_zero::Device& device);

/// Likewise the error of building the kernel's SPIR-V for the device, which may be of numbers that it cannot compute
/// with.
base::Error explained_build(base::Error error, const LaunchNotes& notes, std::span<const uint32_t> words,
                            const level_zero::Device& device);

}  // namespace metate::ext
