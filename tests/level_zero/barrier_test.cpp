// barrier_test – work-groups whose items wait for one another.
#include <array>
#include <numeric>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

using BarrierTest = KernelTest;

TEST_P(BarrierTest, SumsByATree) {
  ze_kernel_handle_t sum = kernel(build("barriers", GetParam()), "tree_sum");
  constexpr uint32_t kSize = 1 << 14;
  auto* in = shared<float>(kSize);
  for (uint32_t i = 0; i < kSize; ++i) in[i] = static_cast<float>((i * 13) % 32);  // sums are exact in float
  for (uint32_t group : {1u, 2u, 32u, 256u}) {
    auto* out = shared<float>(kSize / group, -1);
    set_arguments(sum, in, out);
    ASSERT_ZE(ZE(zeKernelSetArgumentValue)(sum, 2, group * sizeof(float), nullptr));
    ASSERT_ZE(launch(sum, {kSize / group, 1, 1}, {group, 1, 1}));
    for (uint32_t g = 0; g < kSize / group; ++g) {
      ASSERT_EQ(out[g], std::accumulate(in + g * group, in + (g + 1) * group, 0.0f))
          << "group " << g << " of " << group;
    }
  }
}

TEST_P(BarrierTest, MultipliesMatricesByTiles) {
  ze_kernel_handle_t matmul = kernel(build("barriers", GetParam()), "matmul");
  constexpr int kSize = 40;
  auto *a = shared<float>(kSize * kSize), *b = shared<float>(kSize * kSize), *c = shared<float>(kSize * kSize);
  for (int i = 0; i < kSize * kSize; ++i) {
    a[i] = static_cast<float>(i % 7 - 3);
    b[i] = static_cast<float>(i % 5 - 2);
  }
  run(matmul, {kSize / 8, kSize / 8, 1}, {8, 8, 1}, a, b, c, kSize);
  for (int i = 0; i < kSize; ++i) {
    for (int j = 0; j < kSize; ++j) {
      float expected = 0;
      for (int k = 0; k < kSize; ++k) expected += a[i * kSize + k] * b[k * kSize + j];
      ASSERT_EQ(c[i * kSize + j], expected) << i << " " << j;
    }
  }
}

// What the kernel does, for one group, in lockstep.
std::vector<int> rotate_group(std::vector<int> in, int rounds, bool with_barrier) {
  const size_t n = in.size();
  std::vector<std::array<int, 4>> kept(n);
  for (size_t l = 0; l < n; ++l) {
    for (int k = 0; k < 4; ++k) kept[l][k] = in[l] * (k + 1);
  }
  for (int r = 0; r < rounds; ++r) {
    std::vector<int> shared(n);
    for (size_t l = 0; l < n; ++l) shared[l] = kept[l][r & 3];
    for (size_t l = 0; l < n; ++l) kept[l][(r + 1) & 3] += with_barrier ? shared[(l + 1) % n] : shared[l];
  }
  for (size_t l = 0; l < n; ++l) in[l] = kept[l][0] + 3 * kept[l][1] + 5 * kept[l][2] + 7 * kept[l][3];
  return in;
}

TEST_P(BarrierTest, KeepsPrivateArraysAcrossBarriersInLoopsAndConditions) {
  ze_kernel_handle_t rotate = kernel(build("barriers", GetParam()), "rotate_private");
  constexpr int kGroups = 3, kSize = 20;
  std::vector<int> values(kGroups * kSize);
  std::iota(values.begin(), values.end(), 1);
  auto* in = shared(values);
  for (int with_barrier : {0, 1}) {
    for (int rounds : {0, 1, 9}) {
      auto* out = shared<int>(values.size());
      run(rotate, {kGroups, 1, 1}, {kSize, 1, 1}, in, out, rounds, with_barrier);
      for (int g = 0; g < kGroups; ++g) {
        const auto expected =
            rotate_group({values.begin() + g * kSize, values.begin() + (g + 1) * kSize}, rounds, with_barrier);
        ASSERT_EQ(std::vector<int>(out + g * kSize, out + (g + 1) * kSize), expected) << with_barrier << " " << rounds;
      }
    }
  }
}

TEST_P(BarrierTest, CountsAHistogramInLocalMemory) {
  ze_kernel_handle_t histogram = kernel(build("atomics", GetParam()), "histogram");
  constexpr uint32_t kPixels = 1 << 14;
  auto* pixels = shared<uint8_t>(kPixels);
  auto* bins = shared<uint32_t>(256);
  std::vector<uint32_t> expected(256);
  for (uint32_t i = 0; i < kPixels; ++i) ++expected[pixels[i] = static_cast<uint8_t>(i * i >> 3)];
  run(histogram, {kPixels / 128, 1, 1}, {128, 1, 1}, pixels, bins);
  EXPECT_EQ(std::vector<uint32_t>(bins, bins + 256), expected);
}

TEST_P(BarrierTest, RefusesMoreLocalMemoryThanThereIs) {
  ze_kernel_handle_t sum = kernel(build("barriers", GetParam()), "tree_sum");
  ze_device_compute_properties_t compute{};
  compute.stype = ZE_STRUCTURE_TYPE_DEVICE_COMPUTE_PROPERTIES;
  ASSERT_ZE(ZE(zeDeviceGetComputeProperties)(device_, &compute));
  EXPECT_NE(ZE(zeKernelSetArgumentValue)(sum, 2, compute.maxSharedLocalMemory + 1, nullptr), ZE_RESULT_SUCCESS);
}

INSTANTIATE_TEST_SUITE_P(Level, BarrierTest, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
