// storage_test – generic pointers that are asked where they point to, and pointers that are constants.
#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class Storage : public KernelTest {};

constexpr int kGlobal = 1, kLocal = 2, kPrivate = 4;

TEST_P(Storage, EachPointerKnowsItsMemory) {
  constexpr int kItems = 64;
  auto* data = shared<int>(kItems);
  auto* out = shared<int>(6 * kItems);
  ze_kernel_handle_t made = kernel(build("storage", GetParam()), "where_are_they");
  set_argument(made, 0, sizeof(data), &data);
  set_argument(made, 1, 16 * sizeof(int), nullptr);
  set_argument(made, 2, sizeof(out), &out);
  ASSERT_ZE(launch(made, {kItems / 16, 1, 1}, {16, 1, 1}));
  for (int i = 0; i < kItems; ++i) {
    ASSERT_EQ(out[6 * i], kGlobal) << i;
    ASSERT_EQ(out[6 * i + 1], kLocal) << i;
    ASSERT_EQ(out[6 * i + 2], kLocal) << i;
    ASSERT_EQ(out[6 * i + 3], kPrivate) << i;
    ASSERT_EQ(out[6 * i + 4], 0) << i;
  }
}

TEST_P(Storage, CastPointersPointToTheSame) {
  auto* data = shared<int>(32);
  auto* fences = shared<int>(32);
  ze_kernel_handle_t made = kernel(build("storage", GetParam()), "write_through");
  set_argument(made, 0, sizeof(data), &data);
  set_argument(made, 1, 8 * sizeof(int), nullptr);
  set_argument(made, 2, sizeof(fences), &fences);
  ASSERT_ZE(launch(made, {4, 1, 1}, {8, 1, 1}));
  for (int i = 0; i < 32; ++i) {
    EXPECT_EQ(data[i], i % 2 ? 7 : 0) << i;
    EXPECT_EQ(fences[i], i % 2) << i;
  }
}

TEST_P(Storage, PrivateMemoryIsKnownWithoutGroups) {
  auto* data = shared<int>(1);
  auto* out = shared<int>(20000);
  run(kernel(build("storage", GetParam()), "own_or_not"), {100, 1, 1}, {100, 1, 1}, data, out);
  for (int i = 0; i < 10000; ++i) {
    ASSERT_EQ(out[2 * i], kPrivate) << i;
    ASSERT_EQ(out[2 * i + 1], kGlobal) << i;
  }
}

TEST_P(Storage, ConstantsPointIntoVariables) {
  constexpr int kItems = 12;
  auto* out = shared<int>(kItems);
  run(kernel(build("constant_pointers", GetParam()), "follow"), {kItems, 1, 1}, {1, 1, 1}, out);
  constexpr int starts[3][2] = {{40, 50}, {10, 20}, {20, 30}};
  for (int i = 0; i < kItems; ++i) {
    EXPECT_EQ(out[i], starts[i % 3][i % 2] + 200 + 1000 * "bc"[i & 1] + 1000000 * ("ve"[i & 1] - 'a')) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, Storage, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
