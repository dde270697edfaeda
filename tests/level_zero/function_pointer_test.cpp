// function_pointer_test – functions of modules that kernels call by their addresses.
#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class FunctionPointers : public KernelTest {
 protected:
  void prepare() override { module_ = build("function_pointers", GetParam()); }

  ze_result_t find(const char* name, void** function) {
    return ZE(zeModuleGetFunctionPointer)(module_, name, function);
  }

  ze_module_handle_t module_ = nullptr;
};

// The function counts its calls in a variable of the module.
TEST_P(FunctionPointers, KernelsCallWhatTheHostHasFound) {
  auto* functions = shared<void*>(2);
  ASSERT_ZE(find("twice", &functions[0]));
  ASSERT_ZE(find("negative", &functions[1]));
  EXPECT_NE(functions[0], functions[1]);
  auto* out = shared<int>(32);
  run(kernel(module_, "call_given"), {4, 1, 1}, {8, 1, 1}, functions, out);
  for (int i = 0; i < 32; ++i) ASSERT_EQ(out[i], i % 2 ? -i : 2 * i) << i;
  auto* calls = shared<int>(1);
  run(kernel(module_, "count_calls"), {1, 1, 1}, {1, 1, 1}, calls);
  EXPECT_EQ(*calls, 16);
}

TEST_P(FunctionPointers, KernelsTakeAddressesThemselves) {
  auto* out = shared<int>(32);
  run(kernel(module_, "call_own"), {4, 1, 1}, {8, 1, 1}, out);
  for (int i = 0; i < 32; ++i) ASSERT_EQ(out[i], i % 2 ? 2 * i : -i) << i;
}

TEST_P(FunctionPointers, StayTheSame) {
  void *first = nullptr, *second = nullptr, *of_kernel = nullptr;
  ASSERT_ZE(find("twice", &first));
  ASSERT_ZE(find("twice", &second));
  EXPECT_EQ(first, second);
  ASSERT_ZE(find("call_own", &of_kernel));
  EXPECT_NE(of_kernel, nullptr);
}

TEST_P(FunctionPointers, ChecksItsArguments) {
  void* function = nullptr;
  EXPECT_EQ(find("no_such_function", &function), ZE_RESULT_ERROR_INVALID_FUNCTION_NAME);
  EXPECT_EQ(find(nullptr, &function), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(find("twice", nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  // A function that asks for its work-item has an address only where a call says which one calls.
  const ze_result_t result = find("plus_item", &function);
  EXPECT_TRUE(result == ZE_RESULT_SUCCESS || result == ZE_RESULT_ERROR_UNSUPPORTED_FEATURE) << result;
}

INSTANTIATE_TEST_SUITE_P(Levels, FunctionPointers, ::testing::Values(0, 2));

}  // namespace
}  // namespace metate::test
