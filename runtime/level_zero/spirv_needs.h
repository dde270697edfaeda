// spirv_needs – what a SPIR-V module asks of a device.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/base/api.h"

namespace metate::level_zero {

struct DeviceProperties;

inline constexpr std::string_view kFloat64Arithmetic = "float64 arithmetic", kFloat16Arithmetic = "float16 arithmetic",
                                  kWideAtomics = "atomic operations of 64 bits";

/// What the module needs and the device has not, in users' words: "float16 arithmetic". Vendors' compilers say it less
/// clearly, or not at all.
METATE_API std::optional<std::string_view> missing_feature(std::span<const uint32_t> spirv,
                                                           const DeviceProperties& device);

}  // namespace metate::level_zero
