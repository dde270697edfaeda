// sub_group_extensions_test – rotations, and shuffles and blocks of cl_intel_subgroups; the last sub-group is not full.
#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class SubGroupExtensions : public KernelTest {
 protected:
  ze_kernel_handle_t kernel_named(const char* name) {
    ze_kernel_handle_t made = kernel(build("sub_group_extensions", GetParam()), name);
    ze_kernel_properties_t properties{};
    properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
    EXPECT_ZE(ZE(zeKernelGetProperties)(made, &properties));
    size_ = static_cast<int>(properties.maxSubgroupSize);
    EXPECT_GE(size_, 8);
    return made;
  }

  /// One group: a full sub-group, and one that lacks two items.
  uint32_t items() const { return static_cast<uint32_t>(2 * size_ - 2); }

  /// Whether that item of the same sub-group is there.
  bool exists(int item) const { return item < static_cast<int>(items()); }

  int size_ = 0;
};

TEST_P(SubGroupExtensions, Rotate) {
  ze_kernel_handle_t rotations = kernel_named("rotations");
  for (int delta : {0, 1, 3, -1, 2 * size_ + 5}) {
    auto* whole = shared<int>(items());
    auto* clusters = shared<float>(items());
    run(rotations, {1, 1, 1}, {items(), 1, 1}, whole, clusters, delta);
    for (int i = 0; i < static_cast<int>(items()); ++i) {
      const int own = i % size_, first = i - own;
      const int in_whole = first + (own + delta + size_) % size_;
      const int in_cluster = i / 4 * 4 + (i + delta + 4) % 4;
      if (exists(in_whole)) ASSERT_EQ(whole[i], in_whole) << i << " by " << delta;
      if (exists(in_cluster)) ASSERT_EQ(clusters[i], in_cluster) << i << " by " << delta;
    }
  }
}

TEST_P(SubGroupExtensions, Shuffle) {
  ze_kernel_handle_t shuffles = kernel_named("shuffles");
  for (int delta : {0, 1, 3, size_}) {
    auto* out = shared<int>(4 * items());
    run(shuffles, {1, 1, 1}, {items(), 1, 1}, out, delta);
    for (int i = 0; i < static_cast<int>(items()); ++i) {
      const int own = i % size_, first = i - own;
      const int* results = out + 4 * i;
      if (exists(i ^ 3)) ASSERT_EQ(results[0], i ^ 3) << i;
      if (exists(i ^ 1)) ASSERT_EQ(results[1], i ^ 1) << i;
      // Where the sub-group ends the second value goes on: the one before it, or the one behind it.
      const int up = own - delta, down = own + delta;
      const int from_up = first + (up + size_) % size_, from_down = first + down % size_;
      if (exists(from_up)) ASSERT_EQ(results[2], from_up + (up < 0 ? 1000 : 0)) << i << " by " << delta;
      if (exists(from_down)) ASSERT_EQ(results[3], from_down + (down >= size_ ? 1000 : 0)) << i << " by " << delta;
    }
  }
}

TEST_P(SubGroupExtensions, LoadAndStoreBlocks) {
  ze_kernel_handle_t blocks = kernel_named("blocks");
  const auto size = static_cast<uint32_t>(size_);
  auto *in = shared<uint32_t>(5 * size), *one = shared<uint32_t>(2 * size), *four = shared<uint32_t>(8 * size);
  for (uint32_t i = 0; i < 5 * size; ++i) in[i] = 3 * i + 1;
  run(blocks, {1, 1, 1}, {items(), 1, 1}, in, one, four);
  for (uint32_t i = 0; i < items(); ++i) {
    ASSERT_EQ(one[i], 2 * in[i]) << i;
    const uint32_t own = i % size, number = i / size;
    for (uint32_t row = 0; row < 4; ++row) {
      ASSERT_EQ(four[(4 * number + row) * size + own], in[(number + 3 - row) * size + own]) << i << ", row " << row;
    }
  }
  // Items that are not there store nothing.
  for (uint32_t i = items(); i < 2 * size; ++i) EXPECT_EQ(one[i], 0u) << i;
}

INSTANTIATE_TEST_SUITE_P(Levels, SubGroupExtensions, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
