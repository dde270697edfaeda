// device – the CPU as a compute device: what it is and how much it takes.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/processor.h"
#include "runtime/ze_software/stream_set.h"

namespace metate::ze_software {

/// Limits of the device that more than one unit keeps to.
inline constexpr uint32_t kMaxGroupSize = 1024;
inline constexpr uint32_t kMaxLocalMemory =
    64 * 1024;  // of a group; small enough to stay in a core's second-level cache
inline constexpr uint32_t kMaxArgumentBytes = 64 * 1024;
inline constexpr uint32_t kMaxFillPattern = 1024;
inline constexpr uint32_t kQueues = 64;

struct Device : _ze_device_handle_t {
  const Processor processor;
  std::string name;
  uint32_t threads = 1;
  uint64_t memory_bytes = 0;

  StreamSet streams;  // of all contexts

  Device();
};

/// Nanoseconds of the clock behind every timestamp of the driver, host and device alike.
uint64_t timestamp_now();

}  // namespace metate::ze_software
