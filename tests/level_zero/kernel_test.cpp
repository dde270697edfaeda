// kernel_test – arguments, group sizes, ids, control flow, aggregates, atomics.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

TEST_P(KernelTest, AddsVectors) {
  ze_kernel_handle_t add = kernel(build("vector_add", GetParam()), "vector_add");
  constexpr uint32_t kSize = 1 << 16;
  auto *a = shared<float>(kSize), *b = shared<float>(kSize), *c = shared<float>(kSize);
  for (uint32_t i = 0; i < kSize; ++i) {
    a[i] = static_cast<float>(i);
    b[i] = 0.5f * static_cast<float>(i % 1000);
  }
  for (uint32_t group : {1u, 64u, 256u}) {
    std::fill(c, c + kSize, -1.0f);
    run(add, {kSize / group, 1, 1}, {group, 1, 1}, a, b, c);
    for (uint32_t i = 0; i < kSize; ++i) ASSERT_EQ(c[i], a[i] + b[i]) << i << " in groups of " << group;
  }
}

TEST_P(KernelTest, ItemsBeyondTheEndDoNothing) {
  ze_kernel_handle_t add = kernel(build("vector_add", GetParam()), "guarded_add");
  auto *a = shared<float>(100, 1), *b = shared<float>(100, 2), *c = shared<float>(128, -1);
  run(add, {2, 1, 1}, {64, 1, 1}, a, b, c, uint32_t{100});
  for (uint32_t i = 0; i < 128; ++i) ASSERT_EQ(c[i], i < 100 ? 3 : -1) << i;
}

TEST_P(KernelTest, RunsInThreeDimensions) {
  ze_kernel_handle_t scale = kernel(build("vector_add", GetParam()), "scale_3d");
  constexpr size_t kItems = 12 * 10 * 9;
  auto* data = shared<double>(kItems, 2);
  run(scale, {4, 2, 3}, {3, 5, 3}, data, 1.5);
  for (size_t i = 0; i < kItems; ++i) ASSERT_EQ(data[i], 3 + static_cast<double>(i)) << i;
}

TEST_P(KernelTest, ALaunchWithoutGroupsDoesNothing) {
  ze_kernel_handle_t nothing = kernel(build("vector_add", GetParam()), "nothing");
  EXPECT_ZE(launch(nothing, {0, 1, 1}, {1, 1, 1}));
  EXPECT_ZE(launch(nothing, {1, 1, 1}, {1, 1, 1}));
}

TEST_P(KernelTest, EveryItemKnowsItsPlace) {
  ze_kernel_handle_t ids = kernel(build("ids", GetParam()), "ids");
  const uint32_t groups[3] = {3, 2, 4}, sizes[3] = {4, 5, 2};
  constexpr size_t kItems = 12 * 10 * 8;
  auto* out = shared<uint64_t>(kItems * 16);
  run(ids, {groups[0], groups[1], groups[2]}, {sizes[0], sizes[1], sizes[2]}, out);
  size_t linear = 0;
  for (uint32_t z = 0; z < 8; ++z) {
    for (uint32_t y = 0; y < 10; ++y) {
      for (uint32_t x = 0; x < 12; ++x, ++linear) {
        const uint32_t id[3] = {x, y, z};
        const uint64_t* p = out + linear * 16;
        for (int d = 0; d < 3; ++d) {
          ASSERT_EQ(p[d], id[d]);
          ASSERT_EQ(p[3 + d], id[d] % sizes[d]);
          ASSERT_EQ(p[6 + d], id[d] / sizes[d]);
          ASSERT_EQ(p[9 + d], groups[d]);
          ASSERT_EQ(p[12 + d], sizes[d]);
        }
        ASSERT_EQ(p[15], 3u);
      }
    }
  }
}

int collatz(int n) {
  int steps = 0;
  for (; n != 1 && steps < 1000; ++steps) n = n % 2 ? 3 * n + 1 : n / 2;
  return steps;
}

int choose(int kind, int x) {
  constexpr int table[8] = {3, 1, 4, 1, 5, 9, 2, 6};
  switch (kind) {
    case 0:
      return x;
    case 1:
    case 2:
      return -x;
    case -7:
      return x * 2 + 5;
    case 100:
      return x + 5;
    default:
      return table[x & 7];
  }
}

TEST_P(KernelTest, FollowsLoopsSwitchesAndCalls) {
  ze_kernel_handle_t control = kernel(build("control", GetParam()), "control");
  std::vector<int> values(500);
  std::iota(values.begin(), values.end(), -100);
  auto* in = shared(values);
  auto* out = shared<int>(512, -1);
  run(control, {8, 1, 1}, {64, 1, 1}, in, out, uint32_t{500});
  for (int i = 0; i < 500; ++i) {
    const int v = values[i], kinds[] = {0, 1, 2, -7, 100, 42};
    int sum = 0;
    for (int k = 0; k < 6 && sum <= 10000; ++k) {
      if (k != (v & 3)) sum += choose(kinds[k], v);
    }
    ASSERT_EQ(out[i], sum + collatz((v & 1023) + 1)) << v;
  }
  EXPECT_EQ(out[500], -1);
}

TEST_P(KernelTest, CountsMandelbrotSteps) {
  ze_kernel_handle_t mandelbrot = kernel(build("control", GetParam()), "mandelbrot");
  constexpr int kWidth = 64, kHeight = 48, kLimit = 100;
  auto* out = shared<int>(kWidth * kHeight);
  run(mandelbrot, {kWidth / 16, kHeight / 4, 1}, {16, 4, 1}, out, kWidth, kHeight, kLimit);
  for (int py = 0; py < kHeight; ++py) {
    for (int px = 0; px < kWidth; ++px) {
      const double cr = -2.0 + 3.0 * px / kWidth, ci = -1.5 + 3.0 * py / kHeight;
      double zr = 0, zi = 0;
      int steps = 0;
      for (; steps < kLimit && zr * zr + zi * zi <= 4.0; ++steps) {
        const double t = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = t;
      }
      ASSERT_EQ(out[py * kWidth + px], steps) << px << " " << py;
    }
  }
}

struct Point {
  float x, y;
  int tag;
};
struct Pair {
  Point a, b;
  double weight;
};

TEST_P(KernelTest, TakesStructuresByPointerAndByValue) {
  ze_kernel_handle_t structures = kernel(build("aggregates", GetParam()), "structures");
  auto* in = shared<Pair>(32);
  auto* out = shared<Point>(32);
  for (int i = 0; i < 32; ++i) {
    const float f = static_cast<float>(i);
    in[i] = {{f, 2 * f, i}, {1, -1, 3}, 0.5};
  }
  run(structures, {4, 1, 1}, {8, 1, 1}, in, out, Point{10, 20, 1000});
  for (int i = 0; i < 32; ++i) {
    const float f = static_cast<float>(i);
    ASSERT_EQ(out[i].x, 0.5f * f + 11);
    ASSERT_EQ(out[i].y, f + 19);
    ASSERT_EQ(out[i].tag, 10 * i + 1003);
  }
}

TEST_P(KernelTest, ComputesWithVectors) {
  ze_kernel_handle_t vectors = kernel(build("aggregates", GetParam()), "vectors");
  auto *a = shared<float>(64), *out = shared<float>(64), *packed = shared<float>(48), *packed_out = shared<float>(48);
  for (int i = 0; i < 64; ++i) a[i] = static_cast<float>((i * 7) % 11 - 5);
  for (int i = 0; i < 48; ++i) packed[i] = static_cast<float>(i % 5);
  run(vectors, {4, 1, 1}, {4, 1, 1}, a, out, packed, packed_out);
  for (int i = 0; i < 16; ++i) {
    const float *v = a + 4 * i, *w = packed + 3 * i;
    const float r[4] = {v[3] * 2 + w[0], v[2] * 2 + w[1], v[1] * 2 + w[2], 0};
    const float dot = v[0] * v[0] + v[1] * v[1] + v[2] * v[2] + v[3] * v[3];
    const float expected[4] = {r[1], r[0], r[2], dot + std::sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2])};
    for (int k = 0; k < 4; ++k) {
      ASSERT_FLOAT_EQ(out[4 * i + k], v[k] < 0 ? -expected[k] : expected[k]) << i << " " << k;
    }
    const float moved[3] = {w[2], w[0], w[1]};
    for (int k = 0; k < 3; ++k) ASSERT_EQ(packed_out[3 * i + k], moved[k]);
  }
}

TEST_P(KernelTest, CountsAtomically) {
  ze_kernel_handle_t atomics = kernel(build("atomics", GetParam()), "atomics");
  constexpr int kItems = 1 << 15;
  std::vector<int> values(kItems);
  for (int i = 0; i < kItems; ++i) values[i] = (i * 37) % 1001 - 500;
  auto* in = shared(values);
  auto* counters = shared<int>(std::vector<int>{0, 0, 0, 1000, -1000, 0, 0, -1, 0});
  run(atomics, {kItems / 64, 1, 1}, {64, 1, 1}, counters, in);
  int sum = 0, bits = 0, parity = 0, least = 1000, most = -1000;
  for (int v : values) {
    sum += v;
    bits |= 1 << (v & 15);
    parity ^= v;
    least = std::min(least, v);
    most = std::max(most, v);
  }
  EXPECT_EQ(std::vector<int>(counters, counters + 9),
            (std::vector<int>{sum, kItems, -kItems, least, most, bits, parity, ~bits, 3 * kItems}));
}

TEST_P(KernelTest, SnapshotsArgumentsAtTheAppend) {
  ze_kernel_handle_t add = kernel(build("vector_add", GetParam()), "guarded_add");
  ze_command_list_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_COMMAND_LIST_DESC;
  ze_command_list_handle_t list = nullptr;
  ASSERT_ZE(ZE(zeCommandListCreate)(context_, device_, &desc, &list));
  auto *a = shared<float>(64, 1), *b = shared<float>(64, 2), *c = shared<float>(64), *d = shared<float>(64);
  ASSERT_ZE(ZE(zeKernelSetGroupSize)(add, 64, 1, 1));
  const ze_group_count_t one{1, 1, 1};
  set_arguments(add, a, b, c, uint32_t{64});
  ASSERT_ZE(ZE(zeCommandListAppendLaunchKernel)(list, add, &one, nullptr, 0, nullptr));
  set_arguments(add, c, b, d, uint32_t{32});
  ASSERT_ZE(ZE(zeCommandListAppendLaunchKernel)(list, add, &one, nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListClose)(list));
  ze_command_queue_desc_t queue_desc{};
  queue_desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  ze_command_queue_handle_t queue = nullptr;
  ASSERT_ZE(ZE(zeCommandQueueCreate)(context_, device_, &queue_desc, &queue));
  ASSERT_ZE(ZE(zeCommandQueueExecuteCommandLists)(queue, 1, &list, nullptr));
  ASSERT_ZE(ZE(zeCommandQueueSynchronize)(queue, UINT64_MAX));
  EXPECT_EQ(c[63], 3);
  EXPECT_EQ(d[31], 5);
  EXPECT_EQ(d[32], 0);
  EXPECT_ZE(ZE(zeCommandListDestroy)(list));
  EXPECT_ZE(ZE(zeCommandQueueDestroy)(queue));
}

TEST_P(KernelTest, ChecksArgumentsAndGroupSizes) {
  ze_kernel_handle_t add = kernel(build("vector_add", GetParam()), "guarded_add");
  auto* data = shared<float>(4);
  EXPECT_EQ(ZE(zeKernelSetArgumentValue)(add, 4, sizeof(data), &data), ZE_RESULT_ERROR_INVALID_KERNEL_ARGUMENT_INDEX);
  EXPECT_EQ(ZE(zeKernelSetArgumentValue)(add, 3, 8, &data), ZE_RESULT_ERROR_INVALID_KERNEL_ARGUMENT_SIZE);
  EXPECT_EQ(ZE(zeKernelSetGroupSize)(add, 0, 1, 1), ZE_RESULT_ERROR_INVALID_GROUP_SIZE_DIMENSION);
  EXPECT_EQ(ZE(zeKernelSetGroupSize)(add, 1u << 20, 1, 1), ZE_RESULT_ERROR_INVALID_GROUP_SIZE_DIMENSION);
  EXPECT_EQ(ZE(zeCommandListAppendLaunchKernel)(list_, add, nullptr, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_P(KernelTest, DescribesItself) {
  ze_kernel_handle_t add = kernel(build("vector_add", GetParam()), "guarded_add");
  ze_kernel_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
  ASSERT_ZE(ZE(zeKernelGetProperties)(add, &properties));
  EXPECT_EQ(properties.numKernelArgs, 4u);
  EXPECT_GE(properties.maxSubgroupSize, 1u);
  char name[32] = "";
  size_t size = sizeof(name);
  ASSERT_ZE(ZE(zeKernelGetName)(add, &size, name));
  EXPECT_STREQ(name, "guarded_add");
  EXPECT_EQ(size, std::string("guarded_add").size() + 1);
  uint32_t x = 0, y = 0, z = 0;
  ASSERT_ZE(ZE(zeKernelSuggestGroupSize)(add, 1000, 30, 1, &x, &y, &z));
  ASSERT_TRUE(x && y && z);
  EXPECT_EQ(1000 % x, 0u);
  EXPECT_EQ(30 % y, 0u);
  EXPECT_EQ(z, 1u);
  EXPECT_ZE(ZE(zeKernelSetGroupSize)(add, x, y, z));
}

/// The same again when it is built again; another kernel differs in `kid`, another module in `mid`.
TEST_P(KernelTest, HasANumberOfItsOwn) {
  auto uuid = [&](const char* module, const char* name) {
    ze_kernel_properties_t properties{};
    properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
    EXPECT_ZE(ZE(zeKernelGetProperties)(kernel(build(module, GetParam()), name), &properties));
    return std::pair(std::vector<uint8_t>(std::begin(properties.uuid.kid), std::end(properties.uuid.kid)),
                     std::vector<uint8_t>(std::begin(properties.uuid.mid), std::end(properties.uuid.mid)));
  };
  const auto first = uuid("vector_add", "vector_add"), other = uuid("vector_add", "guarded_add");
  const std::vector<uint8_t> none(16);
  EXPECT_NE(first.first, none);
  EXPECT_NE(first.second, none);
  EXPECT_EQ(first, uuid("vector_add", "vector_add"));
  EXPECT_NE(first.first, other.first);
  EXPECT_EQ(first.second, other.second);
  EXPECT_NE(first.second, uuid("ids", "ids").second);
}

TEST_P(KernelTest, TakesGroupCountsFromMemory) {
  ze_module_handle_t module = build("vector_add", GetParam());
  ze_kernel_handle_t kernels[2] = {kernel(module, "guarded_add"), kernel(module, "guarded_add")};
  auto *a = shared<float>(128, 1), *b = shared<float>(128, 2);
  float* results[2] = {shared<float>(128, -1), shared<float>(128, -1)};
  for (int k = 0; k < 2; ++k) {
    ASSERT_ZE(ZE(zeKernelSetGroupSize)(kernels[k], 32, 1, 1));
    set_arguments(kernels[k], a, b, results[k], uint32_t{128});
  }
  // The counts are read when the launch runs: a copy before it in the list makes them.
  auto* wanted = shared(std::vector<ze_group_count_t>{{2, 1, 1}, {3, 1, 1}});
  auto* groups = shared<ze_group_count_t>(2, {4, 1, 1});
  auto* count = shared<uint32_t>(1, 1);
  ze_command_list_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_COMMAND_LIST_DESC;
  ze_command_list_handle_t list = nullptr;
  ASSERT_ZE(ZE(zeCommandListCreate)(context_, device_, &desc, &list));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list, groups, wanted, 2 * sizeof(*groups), nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendBarrier)(list, nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendLaunchKernelIndirect)(list, kernels[0], groups + 1, nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendLaunchMultipleKernelsIndirect)(list, 2, kernels, count, groups, nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListClose)(list));
  ze_command_queue_desc_t queue_desc{};
  queue_desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  ze_command_queue_handle_t queue = nullptr;
  ASSERT_ZE(ZE(zeCommandQueueCreate)(context_, device_, &queue_desc, &queue));
  auto sums = [](const float* result) { return std::count(result, result + 128, 3.0f); };
  ASSERT_ZE(ZE(zeCommandQueueExecuteCommandLists)(queue, 1, &list, nullptr));
  ASSERT_ZE(ZE(zeCommandQueueSynchronize)(queue, UINT64_MAX));
  EXPECT_EQ(sums(results[0]), 96);
  EXPECT_EQ(sums(results[1]), 0) << "only one of the two was asked for";
  *count = 2;
  ASSERT_ZE(ZE(zeCommandQueueExecuteCommandLists)(queue, 1, &list, nullptr));
  ASSERT_ZE(ZE(zeCommandQueueSynchronize)(queue, UINT64_MAX));
  EXPECT_EQ(sums(results[1]), 96);
  EXPECT_ZE(ZE(zeCommandQueueDestroy)(queue));
  EXPECT_ZE(ZE(zeCommandListDestroy)(list));
}

INSTANTIATE_TEST_SUITE_P(Level, KernelTest, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
