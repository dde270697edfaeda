// sub_group_bits_test – ballots, masks, clusters and barriers of sub-groups, the last of which is not full.
#include <algorithm>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class SubGroupBits : public KernelTest {
 protected:
  static constexpr uint32_t kGroups = 2, kGroupSize = 38;

  ze_kernel_handle_t bits_kernel(const char* name) {
    ze_kernel_handle_t made = kernel(build("sub_group_bits", GetParam()), name);
    ze_kernel_properties_t properties{};
    properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
    EXPECT_ZE(ZE(zeKernelGetProperties)(made, &properties));
    size_ = properties.maxSubgroupSize;
    EXPECT_GE(size_, 8u);
    return made;
  }

  /// The number of the item in its sub-group, and how many there are in that.
  std::pair<uint32_t, uint32_t> place(uint32_t item) const {
    const uint32_t local = item % kGroupSize, first = local / size_ * size_;
    return {local - first, std::min(size_, kGroupSize - first)};
  }

  uint32_t size_ = 0;
};

TEST_P(SubGroupBits, Ballots) {
  auto* out = shared<uint32_t>(8 * kGroups * kGroupSize);
  run(bits_kernel("ballots"), {kGroups, 1, 1}, {kGroupSize, 1, 1}, out);
  for (uint32_t i = 0; i < kGroups * kGroupSize; ++i) {
    const auto [own, count] = place(i);
    const uint32_t expected[8] = {own & 1, (own + 1) % count & 1, count / 2, (own + 1) / 2, own / 2,
                                  1,       count / 2 * 2 - 1,     count};
    for (int k = 0; k < 8; ++k) ASSERT_EQ(out[8 * i + k], expected[k]) << "item " << i << ", question " << k;
  }
}

TEST_P(SubGroupBits, Masks) {
  auto* out = shared<uint32_t>(5 * kGroups * kGroupSize);
  run(bits_kernel("masks"), {kGroups, 1, 1}, {kGroupSize, 1, 1}, out);
  for (uint32_t i = 0; i < kGroups * kGroupSize; ++i) {
    const auto [own, count] = place(i);
    const uint32_t expected[5] = {1, own, own + 1, count - own - 1, count - own};
    for (int k = 0; k < 5; ++k) ASSERT_EQ(out[5 * i + k], expected[k]) << "item " << i << ", mask " << k;
  }
}

TEST_P(SubGroupBits, Clusters) {
  auto* sums = shared<int>(kGroups * kGroupSize);
  auto* largest = shared<float>(kGroups * kGroupSize);
  run(bits_kernel("clusters"), {kGroups, 1, 1}, {kGroupSize, 1, 1}, sums, largest);
  for (uint32_t i = 0; i < kGroups * kGroupSize; ++i) {
    const auto [own, count] = place(i);
    const uint32_t first = i - own;
    int sum = 0;
    for (uint32_t k = own / 4 * 4; k < std::min(own / 4 * 4 + 4, count); ++k) sum += static_cast<int>(first + k);
    float top = 0;
    for (uint32_t k = own / 8 * 8; k < std::min(own / 8 * 8 + 8, count); ++k) {
      top = std::max(top, static_cast<float>((first + k) * 7 % 5));
    }
    ASSERT_EQ(sums[i], sum) << i;
    ASSERT_EQ(largest[i], top) << i;
  }
}

TEST_P(SubGroupBits, BarrierInOneCall) {
  auto* out = shared<int>(64);
  ze_kernel_handle_t made = bits_kernel("exchange");
  set_argument(made, 0, sizeof(out), &out);
  set_argument(made, 1, 32 * sizeof(int), nullptr);
  ASSERT_ZE(launch(made, {2, 1, 1}, {32, 1, 1}));
  for (int i = 0; i < 64; ++i) ASSERT_EQ(out[i], 10 * (i % 32 ^ 1)) << i;
}

TEST_P(SubGroupBits, RoundsToHalf) {
  auto* in = shared<float>(std::vector<float>{1.0f, 1.0001f, -1.0001f, 2049.0f});
  auto* out = shared<float>(12);
  run(bits_kernel("round_to_half"), {1, 1, 1}, {4, 1, 1}, in, out);
  const float step = 1.0f / 1024;
  const float expected[12] = {1,  1,  1,         1,    1 + step, 1,  // toward zero, up, down
                              -1, -1, -1 - step, 2048, 2050,     2048};
  for (int i = 0; i < 12; ++i) EXPECT_EQ(out[i], expected[i]) << i;
}

INSTANTIATE_TEST_SUITE_P(Levels, SubGroupBits, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
