// cooperative_test – launches whose groups run at the same time.
#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class Cooperative : public KernelTest {
 protected:
  uint32_t max_groups(ze_kernel_handle_t kernel) {
    uint32_t count = 0;
    EXPECT_ZE(ZE(zeKernelSuggestMaxCooperativeGroupCount)(kernel, &count));
    return count;
  }

  ze_result_t launch_together(ze_kernel_handle_t kernel, ze_group_count_t groups) {
    return ZE(zeCommandListAppendLaunchCooperativeKernel)(list_, kernel, &groups, nullptr, 0, nullptr);
  }
};

TEST_P(Cooperative, GroupsSeeWhatTheOthersWrote) {
  ze_kernel_handle_t made = kernel(build("cooperative", GetParam()), "exchange");
  const uint32_t groups = max_groups(made);
  ASSERT_GE(groups, 1u);
  auto* values = shared<int>(groups * 16);
  auto* out = shared<int>(groups * 16);
  auto* arrived = shared<int>(1);
  set_arguments(made, values, out, arrived);
  ASSERT_ZE(ZE(zeKernelSetGroupSize)(made, 16, 1, 1));
  ASSERT_ZE(launch_together(made, {groups, 1, 1}));
  EXPECT_EQ(*arrived, static_cast<int>(groups));
  for (uint32_t i = 0; i < groups * 16; ++i) {
    ASSERT_EQ(out[i], static_cast<int>((i / 16 + 1) % groups * 10 + i % 16)) << i;
  }
}

TEST_P(Cooperative, GroupsOfTwoDimensionsMeet) {
  ze_kernel_handle_t made = kernel(build("cooperative", GetParam()), "meet");
  const uint32_t groups = max_groups(made);
  auto* arrived = shared<int>(1);
  // The first item of all waits, so it must be the last of its group: a group of one.
  set_arguments(made, arrived, static_cast<int>(groups));
  ASSERT_ZE(ZE(zeKernelSetGroupSize)(made, 1, 1, 1));
  ASSERT_ZE(launch_together(made, {1, groups, 1}));
  EXPECT_EQ(*arrived, static_cast<int>(groups));
}

TEST_P(Cooperative, ChecksItsArguments) {
  ze_kernel_handle_t made = kernel(build("cooperative", GetParam()), "meet");
  ze_group_count_t one{1, 1, 1};
  EXPECT_EQ(ZE(zeCommandListAppendLaunchCooperativeKernel)(list_, made, nullptr, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeKernelSuggestMaxCooperativeGroupCount)(made, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_NE(launch_together(made, one), ZE_RESULT_SUCCESS);  // its arguments are not set
  auto* arrived = shared<int>(1);
  set_arguments(made, arrived, 1);
  EXPECT_NE(launch_together(made, {UINT32_MAX, UINT32_MAX, 1}), ZE_RESULT_SUCCESS);
  ASSERT_ZE(launch_together(made, {0, 1, 1}));
  EXPECT_EQ(*arrived, 0);
}

TEST_P(Cooperative, RefusesNullHandles) {
  const ze_group_count_t one{1, 1, 1};
  EXPECT_EQ(ZE(zeCommandListAppendLaunchCooperativeKernel)(list_, nullptr, &one, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
}

INSTANTIATE_TEST_SUITE_P(Levels, Cooperative, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
