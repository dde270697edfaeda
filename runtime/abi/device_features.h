// device_features.h – what some devices have and others have not, as far as other code is made for them.
#pragma once

#include <compare>
#include <cstdint>

namespace metate::abi {

/// Atomic operations on floats of one width that have an instruction, by the memory that they work on.
enum FloatAtomic : uint8_t { kGlobalAdd = 1, kGlobalMinMax = 2, kLocalAdd = 4, kLocalMinMax = 8 };

/// Of one that has nothing of it, whose code every device takes.
struct DeviceFeatures {
  uint8_t float32_atomics = 0;  // FloatAtomic, as of the next
  uint8_t float64_atomics = 0;

  auto operator<=>(const DeviceFeatures&) const = default;
};

}  // namespace metate::abi
