#include "runtime/level_zero/spirv_needs.h"

#include "runtime/level_zero/devices.h"

namespace metate::level_zero {
namespace {

// SPIR-V 2.3 and 3.31: the module's first instructions name its capabilities, in two words each.
constexpr size_t kHeaderWords = 5;
constexpr uint32_t kOpCapability = 2u << 16 | 17u;
enum Capability : uint32_t { kFloat16 = 9, kFloat64 = 10, kInt64Atomics = 12 };

}  // namespace

std::optional<std::string_view> missing_feature(std::span<const uint32_t> spirv, const DeviceProperties& device) {
  for (size_t i = kHeaderWords; i + 1 < spirv.size() && spirv[i] == kOpCapability; i += 2) {
    if (spirv[i + 1] == kFloat16 && !device.has_fp16) return "float16 arithmetic";
    if (spirv[i + 1] == kFloat64 && !device.has_fp64) return "float64 arithmetic";
    if (spirv[i + 1] == kInt64Atomics && !device.has_int64_atomics) return "atomic operations of 64 bits";
  }
  return std::nullopt;
}

}  // namespace metate::level_zero
