// launch_record – what compiled kernels read of a launch, and the signature by which they are called.
#pragma once

#include <cstddef>
#include <cstdint>

namespace metate::ze_software {

/// work_group.cpp reads these by offset.
struct LaunchRecord {
  uint64_t group_count[3];
  uint64_t group_size[3];
  uint64_t global_size[3];
  uint64_t global_offset[3];
  uint64_t work_dimensions;  // 1 to 3
};

/// How a range of a launch ended; compiled code returns it as an i32.
enum class RangeStatus : int32_t { kDone = 0, kBarrierDivergence = 1 };

/// Runs [begin, end) of the launch. `local` is one group's local memory, `items` room for the values of one group's
/// items across barriers; both belong to the calling thread.
using RunRange = int32_t (*)(const LaunchRecord* launch, const std::byte* arguments, std::byte* local, std::byte* items,
                             uint64_t begin, uint64_t end);

}  // namespace metate::ze_software
