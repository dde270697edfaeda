// kernel_target – what a kernel is compiled for.
#pragma once

#include <compare>
#include <cstdint>

#include "runtime/abi/device_features.h"

namespace metate::driver {

struct KernelTarget {
  abi::DeviceFeatures features;  // of the devices that run it
  uint32_t sub_group_size = 0;   // that it asks for; 0: the device chooses

  auto operator<=>(const KernelTarget&) const = default;
};

}  // namespace metate::driver
