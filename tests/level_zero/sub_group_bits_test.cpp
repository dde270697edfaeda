// sub_group_bits_test – ballots, masks, clusters and barriers of sub-groups, the last of which is not full.
#include <algorithm>
#include <map>
#include <utility>

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

TEST_P(SubGroupBits, AreForThoseThatComeTogether) {
  constexpr int kItems = 100, kGroups = 2;
  auto* out = shared<int>(8 * kItems * kGroups);
  run(kernel(build("sub_group_bits", GetParam()), "parted_ways"), {kGroups, 1, 1}, {kItems, 1, 1}, out);
  struct Sums {
    int thirds = 0, sum = 0, others = 0, first_other = -1, items = 0, all = 0;
    int turns[5] = {};
  };
  std::map<std::pair<int, int>, Sums> sums;  // by group and sub-group
  for (int i = 0; i < kItems * kGroups; ++i) {
    Sums& own = sums[{i / kItems, out[8 * i]}];
    ++own.items;
    own.all += i;
    for (int turn = 0; turn < i % 5; ++turn) ++own.turns[turn];
    if (i % 3 == 0) {
      ++own.thirds;
      own.sum += i;
    } else if (own.first_other < 0) {
      own.first_other = i;
    }
  }
  for (int i = 0; i < kItems * kGroups; ++i) {
    const int* mine = out + 8 * i;
    Sums& own = sums[{i / kItems, mine[0]}];
    if (i % 3 == 0) {
      EXPECT_EQ(mine[1], own.thirds) << i;
      EXPECT_EQ(mine[2], own.sum) << i;
    } else {
      EXPECT_EQ(mine[2], own.others += i) << i;
      EXPECT_EQ(mine[3], own.first_other) << i;
    }
    EXPECT_EQ(mine[4], own.items) << i;
    int turns = 0;
    for (int turn = 0; turn < i % 5; ++turn) turns += own.turns[turn];
    EXPECT_EQ(mine[5], turns) << i;
    EXPECT_EQ(mine[6], own.all) << i;
  }
  for (const auto& [place, own] : sums) {
    int elected = 0;
    for (int i = place.first * kItems; i < (place.first + 1) * kItems; ++i) {
      if (i % 3 == 0 && out[8 * i] == place.second) elected += out[8 * i + 3];
    }
    EXPECT_EQ(elected, 1) << place.first << " " << place.second;
  }
}

TEST_P(SubGroupBits, AreForThoseThatHaveNotEnded) {
  constexpr int kItems = 64, kCount = 54;
  auto* out = shared<int>(kItems, -1);
  ze_kernel_handle_t guarded = kernel(build("sub_group_bits", GetParam()), "guarded");
  run(guarded, {1, 1, 1}, {kItems, 1, 1}, out, kCount);
  int items = 0;
  for (int i = 0; i < kCount; ++i) {
    EXPECT_EQ(out[i] / 1000, i ^ 1) << i;
    items = std::max(items, out[i] % 1000);
  }
  EXPECT_LE(items, kCount);
  for (int i = kCount; i < kItems; ++i) EXPECT_EQ(out[i], -1) << i;
}

INSTANTIATE_TEST_SUITE_P(Levels, SubGroupBits, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
