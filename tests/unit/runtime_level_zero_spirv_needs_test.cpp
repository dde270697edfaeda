// runtime_level_zero_spirv_needs_test – what a module asks for and a device has not, as its kind and in words.
#include <gtest/gtest.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/spirv_needs.h"

namespace metate::level_zero {
namespace {

/// The header of a module of version 1.`minor`, and its capabilities.
std::vector<uint32_t> module_of(uint32_t minor, std::initializer_list<uint32_t> capabilities) {
  std::vector<uint32_t> words{0x07230203, 0x00010000 | minor << 8, 0, 1, 0};
  for (uint32_t capability : capabilities) words.insert(words.end(), {2u << 16 | 17u, capability});
  return words;
}

TEST(SpirvNeeds, NamesTheFirstThatIsMissing) {
  using Kind = MissingFeature::Kind;
  constexpr uint32_t kKernel = 6, kFloat16 = 9, kFloat64 = 10, kInt64Atomics = 12;
  const std::vector<uint32_t> all = module_of(2, {kKernel, kFloat16, kFloat64, kInt64Atomics});
  DeviceProperties device;
  device.spirv_version = 0x00010002;
  device.has_fp16 = device.has_fp64 = device.has_int64_atomics = true;
  EXPECT_FALSE(missing_feature(all, device));
  device.has_int64_atomics = false;
  EXPECT_EQ(missing_feature(all, device)->kind, Kind::kInt64Atomics);
  device.has_fp64 = false;
  EXPECT_EQ(missing_feature(all, device)->kind, Kind::kFloat64);
  EXPECT_EQ(missing_feature(all, device)->text, "float64 arithmetic");
  device.has_fp16 = false;
  EXPECT_EQ(missing_feature(all, device)->kind, Kind::kFloat16);
  EXPECT_EQ(missing_feature(module_of(2, {kKernel, kFloat64, kFloat16}), device)->kind, Kind::kFloat64);
  EXPECT_FALSE(missing_feature(module_of(2, {kKernel}), device));
  EXPECT_EQ(missing_feature(module_of(4, {kKernel, kFloat64}), device)->kind, Kind::kVersion);
  device.spirv_version = 0;
  EXPECT_FALSE(missing_feature(module_of(6, {kKernel}), device)) << "it does not say what it takes";
}

}  // namespace
}  // namespace metate::level_zero
