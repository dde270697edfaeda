// check_test – the kernel checker of Metate's own driver, with OpenCL C.
#include <cstdlib>

#include "runtime/abi/kernel_check.h"
#include "runtime/abi/software_driver.h"
#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

std::string& heard() {
  static std::string text;
  return text;
}

void hear(const char* text) { heard() = text; }

class CheckTest : public KernelTest {
 protected:
  void prepare() override {
    void* function = nullptr;
    ASSERT_ZE(ZE(zeDriverGetExtensionFunctionAddress)(driver_, abi::kSetMessageHandler, &function));
    reinterpret_cast<abi::SetMessageHandler>(function)(&hear);
    heard().clear();
    module_ = build_checked("faults");
  }

  ze_module_handle_t build_checked(const char* name) {
    setenv(abi::kKernelCheckVariable, "1", 1);
    ze_module_handle_t module = build(name, GetParam());
    unsetenv(abi::kKernelCheckVariable);
    return module;
  }

  ze_kernel_handle_t checked(const char* name) { return kernel(module_, name); }

  /// What is heard of a launch that fails.
  std::string fault(ze_kernel_handle_t kernel, uint32_t groups, uint32_t items) {
    EXPECT_EQ(launch(kernel, {groups, 1, 1}, {items, 1, 1}), ZE_RESULT_ERROR_UNKNOWN);
    return heard();
  }

  ze_module_handle_t module_ = nullptr;
};

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

#define EXPECT_HAS(text, part) EXPECT_TRUE(has(text, part)) << text

TEST_P(CheckTest, FindsAccessesOutOfBounds) {
  auto* x = shared<int>(8);
  ze_kernel_handle_t write = checked("out_of_bounds");
  set_arguments(write, x, 0);
  EXPECT_ZE(launch(write, {1, 1, 1}, {8, 1, 1}));
  EXPECT_EQ(heard(), "");
  set_arguments(write, x, 2);
  std::string text = fault(write, 2, 4);
  EXPECT_HAS(text, "kernel check: kernel 'out_of_bounds': out of bounds: work-item 6 writes element 8 of ");
  EXPECT_HAS(text, "it has 8 elements (32 bytes)");

  auto* out = shared<int>(8);
  ze_kernel_handle_t read = checked("out_of_bounds_in_function");
  set_arguments(read, x, out, -3);
  EXPECT_HAS(fault(read, 1, 8), "work-item 0 reads element -3 of ");
}

/// Without optimisation: that takes for granted that there are none.
class PrivateCheckTest : public CheckTest {};

TEST_P(PrivateCheckTest, FindsAccessesOutOfPrivateMemory) {
  auto* x = shared<int>(4);
  ze_kernel_handle_t kernel = checked("private_memory");
  set_arguments(kernel, x, 5);
  EXPECT_HAS(fault(kernel, 1, 4), "work-item 0 writes element 4 of private array");
}

TEST_P(CheckTest, FindsRaces) {
  auto* x = shared<int>(16);
  ze_kernel_handle_t kernel = checked("race");
  set_arguments(kernel, x);
  std::string text = fault(kernel, 2, 8);
  EXPECT_HAS(text, "data race on element 1 of ");
  EXPECT_HAS(text, "work-item 0 reads it and work-item 1 writes it");
  EXPECT_HAS(text, "in one work-group");
  EXPECT_HAS(fault(kernel, 16, 1), "in different work-groups");
}

TEST_P(CheckTest, FindsFaultsInLocalMemory) {
  auto* x = shared<int>(16);
  ze_kernel_handle_t kernel = checked("local_memory");
  auto run = [&](size_t elements, int count, int wait) {
    heard().clear();
    set_argument(kernel, 0, sizeof(x), &x);
    set_argument(kernel, 1, elements * sizeof(int), nullptr);
    set_argument(kernel, 2, sizeof(count), &count);
    set_argument(kernel, 3, sizeof(wait), &wait);
    return launch(kernel, {2, 1, 1}, {8, 1, 1});
  };
  EXPECT_ZE(run(8, 8, 1));
  EXPECT_EQ(heard(), "");
  EXPECT_EQ(run(8, 4, 1), ZE_RESULT_ERROR_UNKNOWN);
  EXPECT_HAS(heard(), "uninitialised local memory: work-item 0 reads element 7 of local ");
  EXPECT_EQ(run(8, 8, 0), ZE_RESULT_ERROR_UNKNOWN);
  EXPECT_HAS(heard(), "data race on element ");
  EXPECT_EQ(run(7, 8, 1), ZE_RESULT_ERROR_UNKNOWN);
  EXPECT_HAS(heard(), "out of bounds: work-item 7 writes element 7 of local ");
}

TEST_P(CheckTest, KnowsWhatMemoryBarriersOrder) {
  auto* x = shared<int>(8);
  auto* out = shared<int>(8);
  ze_kernel_handle_t kernel = checked("global_memory");
  set_arguments(kernel, x, out, 0);
  std::string text = fault(kernel, 1, 8);
  EXPECT_HAS(text, "work-item 7 writes it and work-item 0 reads it");
  EXPECT_HAS(text, "the barrier between the two does not order global memory, as one with GLOBAL_MEM_FENCE would");
  for (int which : {1, 2}) {
    heard().clear();
    run(kernel, {1, 1, 1}, {8, 1, 1}, x, out, which);
    EXPECT_EQ(heard(), "");
  }
}

TEST_P(CheckTest, KnowsAmongWhomBarriersOrderMemory) {
  constexpr uint32_t kItems = 128;  // more than a sub-group has
  auto* out = shared<int>(kItems);
  ze_kernel_handle_t kernel = checked("sub_group_scope");
  auto run = [&](int apart, int then_all) {
    heard().clear();
    set_argument(kernel, 0, sizeof(out), &out);
    set_argument(kernel, 1, kItems * sizeof(int), nullptr);
    set_argument(kernel, 2, sizeof(apart), &apart);
    set_argument(kernel, 3, sizeof(then_all), &then_all);
    return launch(kernel, {1, 1, 1}, {kItems, 1, 1});
  };
  EXPECT_ZE(run(1, 0));
  EXPECT_ZE(run(64, 1));
  EXPECT_EQ(heard(), "");
  EXPECT_EQ(run(64, 0), ZE_RESULT_ERROR_UNKNOWN);
  EXPECT_HAS(heard(), "data race on element ");
  EXPECT_HAS(heard(), "orders memory for each sub-group alone: one of work-group scope would for both");
}

TEST_P(CheckTest, FindsDivergentBarriers) {
  auto* x = shared<int>(8);
  ze_kernel_handle_t kernel = checked("divergence");
  set_arguments(kernel, x);
  EXPECT_HAS(fault(kernel, 2, 4),
             "barrier divergence: work-item 0 waits at the barrier, and work-item 2 of the same work-group has ended");
}

TEST_P(CheckTest, LetsGroupsHandOnTheirResults) {
  auto* parts = shared<int>(4);
  auto* count = shared<int>(1);
  auto* sum = shared<int>(1);
  run(checked("last_group_sums"), {4, 1, 1}, {8, 1, 1}, parts, count, sum);
  EXPECT_EQ(heard(), "");
  EXPECT_EQ(*sum, 31 * 32 / 2);
}

/// Addresses that a kernel computes may be of arguments, of local, private and the module's own variables.
TEST_P(CheckTest, KnowsAllMemoryThatPointersLeadTo) {
  ze_module_handle_t programs = build_checked("programs");
  auto* in = shared<int>(8, 1);
  auto* sums = shared<int64_t>(16);
  ze_kernel_handle_t pointers = kernel(programs, "pointers");
  set_arguments(pointers, in, sums);
  ASSERT_ZE(ZE(zeKernelSetArgumentValue)(pointers, 2, 8 * sizeof(int), nullptr));
  EXPECT_ZE(launch(pointers, {1, 1, 1}, {8, 1, 1}));
  EXPECT_EQ(heard(), "");
  auto* out = shared<int>(10);
  run(kernel(programs, "variables"), {2, 1, 1}, {4, 1, 1}, out, in);
  EXPECT_EQ(heard(), "");
}

INSTANTIATE_TEST_SUITE_P(Levels, CheckTest, ::testing::Values(0, 2));
INSTANTIATE_TEST_SUITE_P(Levels, PrivateCheckTest, ::testing::Values(0));

}  // namespace
}  // namespace metate::test
