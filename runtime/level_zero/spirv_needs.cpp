#include "runtime/level_zero/spirv_needs.h"

#include <iterator>

#include "runtime/level_zero/devices.h"

namespace metate::level_zero {
namespace {

// SPIR-V 2.3 and 3.31: the module's first instructions name its capabilities, in two words each.
constexpr size_t kHeaderWords = 5;
constexpr uint32_t kOpCapability = 2u << 16 | 17u;
enum Capability : uint32_t { kFloat16 = 9, kFloat64 = 10, kInt64Atomics = 12 };

constexpr std::string_view kVersions[] = {"SPIR-V 1.0", "SPIR-V 1.1", "SPIR-V 1.2", "SPIR-V 1.3",
                                          "SPIR-V 1.4", "SPIR-V 1.5", "SPIR-V 1.6"};

/// A device says 0x00010002 for 1.2, and nothing if it does not know; a module 0x00010200.
bool is_later_than(uint32_t version, uint32_t supported) {
  return supported != 0 && version >> 8 > (supported >> 16 << 8 | (supported & 0xff));
}

}  // namespace

std::optional<MissingFeature> missing_feature(std::span<const uint32_t> spirv, const DeviceProperties& device) {
  using Kind = MissingFeature::Kind;
  const uint32_t version = spirv.size() > 1 ? spirv[1] : 0;
  if (const uint32_t minor = version >> 8 & 0xff;
      is_later_than(version, device.spirv_version) && minor < std::size(kVersions))
    return MissingFeature{Kind::kVersion, kVersions[minor]};
  for (size_t i = kHeaderWords; i + 1 < spirv.size() && spirv[i] == kOpCapability; i += 2) {
    if (spirv[i + 1] == kFloat16 && !device.has_fp16) return MissingFeature{Kind::kFloat16, "float16 arithmetic"};
    if (spirv[i + 1] == kFloat64 && !device.has_fp64) return MissingFeature{Kind::kFloat64, "float64 arithmetic"};
    if (spirv[i + 1] == kInt64Atomics && !device.has_int64_atomics)
      return MissingFeature{Kind::kInt64Atomics, "atomic operations of 64 bits"};
  }
  return std::nullopt;
}

}  // namespace metate::level_zero
