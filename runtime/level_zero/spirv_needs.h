// spirv_needs – what a SPIR-V module asks of a device.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/base/api.h"

namespace metate::level_zero {

struct DeviceProperties;

struct MissingFeature {
  enum class Kind : uint8_t { kVersion, kFloat16, kFloat64, kInt64Atomics } kind;
  std::string_view text;  // in users' words: "float16 arithmetic"
};

/// What the module needs and the device has not. Vendors' compilers say it less clearly, or not at all.
METATE_API std::optional<MissingFeature> missing_feature(std::span<const uint32_t> spirv,
                                                         const DeviceProperties& device);

}  // namespace metate::level_zero
