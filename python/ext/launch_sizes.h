// launch_sizes – Python's extents of a launch as the device takes them.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/module.h"

namespace metate::ext {

// Both throw Python exceptions for sizes that make no sense.

/// Python's extents, slowest first, as the device counts them: fastest first, missing ones 1.
level_zero::Extent3 device_extents(const std::vector<int64_t>& extents, const char* what);

/// The size of the groups: `local`, or what the driver suggests where that is empty.
level_zero::Extent3 group_extents(const level_zero::Device& device, const level_zero::Kernel& kernel,
                                  const level_zero::Extent3& items, const std::vector<int64_t>& local);

}  // namespace metate::ext
