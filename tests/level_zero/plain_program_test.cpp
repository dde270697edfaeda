// plain_program_test – programs that mean the same in OpenCL C and in C++, and atomics in all orders and scopes.
#include <cstdint>
#include <random>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

namespace host {

// As in OpenCL.
static_assert(sizeof(long) == 8);
#pragma STDC FP_CONTRACT OFF
#define PROGRAM(name) long name(long x)
#define HELPER
#include "tests/level_zero/kernels/plain_programs.def"

}  // namespace host

struct PlainProgram {
  const char* kernel;
  long (*meaning)(long);
};

const PlainProgram kPrograms[] = {
#define LISTED(name) {"run_" #name, host::name},
#include "tests/level_zero/kernels/plain_programs.def"
};

using PlainPrograms = KernelTest;

TEST_P(PlainPrograms, MeanTheSame) {
  constexpr uint32_t kCount = 512;
  std::vector<int64_t> in = {0,   1,   -1,  2,    3,    5,   7,   -3,   100,  127,
                             128, 255, 256, -128, -129, 512, 999, -999, 1000, 32767};
  std::mt19937_64 random(23);
  while (in.size() < kCount) in.push_back(static_cast<int64_t>(random() >> 34) - (1 << 29));
  int64_t *numbers = shared(in), *out = shared<int64_t>(kCount);
  ze_module_handle_t module = build("plain_programs", GetParam());
  for (const PlainProgram& program : kPrograms) {
    run(kernel(module, program.kernel), {kCount / 64, 1, 1}, {64, 1, 1}, numbers, out);
    for (uint32_t i = 0; i < kCount; ++i) {
      ASSERT_EQ(out[i], program.meaning(static_cast<long>(numbers[i]))) << program.kernel << " of " << numbers[i];
    }
  }
}

class OrderedAtomics : public KernelTest {
 protected:
  static constexpr int kGroups = 6, kSize = 32, kTimes = 25;

  /// What `items` items leave, the last of which has the global id `last`.
  void expect(const int32_t* counters, int items, int last) {
    EXPECT_EQ(counters[0], 3 * kTimes * items);
    EXPECT_EQ(counters[1], -2 * kTimes * items);
    EXPECT_EQ(counters[2], kTimes * items % 2);
    EXPECT_EQ(counters[3], last);
    EXPECT_EQ(counters[4], -last);
    EXPECT_EQ(counters[5], 0xff);
    EXPECT_EQ(counters[6], kTimes * items);
    EXPECT_EQ(counters[7], 5);
  }

  /// Each item found 5 whenever it looked.
  void expect_loads(const int32_t* loads) {
    for (int i = 0; i < kGroups * kSize; ++i) ASSERT_EQ(loads[i], kTimes + 15) << i;
  }

  int32_t* counters() {
    auto* all = shared<int32_t>(8 * kGroups, 0);
    all[7] = 5;
    return all;
  }
};

TEST_P(OrderedAtomics, OnGlobalMemory) {
  auto *count = counters(), *loads = shared<int32_t>(kGroups * kSize);
  run(kernel(build("ordered_atomics", GetParam()), "on_global"), {kGroups, 1, 1}, {kSize, 1, 1}, count, loads);
  expect(count, kGroups * kSize, kGroups * kSize - 1);
  expect_loads(loads);
}

TEST_P(OrderedAtomics, OnLocalMemory) {
  auto *count = counters(), *loads = shared<int32_t>(kGroups * kSize);
  run(kernel(build("ordered_atomics", GetParam()), "on_local"), {kGroups, 1, 1}, {kSize, 1, 1}, count, loads);
  for (int group = 0; group < kGroups; ++group) expect(count + 8 * group, kSize, (group + 1) * kSize - 1);
  expect_loads(loads);
}

TEST_P(OrderedAtomics, ThroughGenericPointers) {
  auto *count = counters(), *loads = shared<int32_t>(kGroups * kSize);
  run(kernel(build("ordered_atomics", GetParam()), "on_generic"), {kGroups, 1, 1}, {kSize, 1, 1}, count, loads);
  expect(count, kGroups / 2 * kSize, (kGroups - 1) * kSize - 1);
  expect_loads(loads);
}

TEST_P(PlainPrograms, AreRefusedWithImages) {
  const auto [result, log] = try_build(kernel_binary("image_reader", GetParam()));
  EXPECT_EQ(result, ZE_RESULT_ERROR_MODULE_BUILD_FAILURE);
  EXPECT_NE(log.find("image"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Level, PlainPrograms, ::testing::Values(0, 2));
INSTANTIATE_TEST_SUITE_P(Level, OrderedAtomics, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
