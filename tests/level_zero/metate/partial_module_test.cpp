// partial_module_test – modules of which Metate's driver can run some kernels: those run, and the others say why not.
#include "tests/level_zero/api.h"
#include "tests/level_zero/newer.h"
#include "tests/level_zero/spirv_text.h"

namespace metate::test {
namespace {

class PartialModules : public KernelTest {
 protected:
  std::string last_error() {
    void* function = nullptr;
    EXPECT_ZE(ZE(zeDriverGetExtensionFunctionAddress)(driver_, "zeDriverGetLastErrorDescription", &function));
    const char* text = nullptr;
    EXPECT_ZE(reinterpret_cast<ze_result_t (*)(ze_driver_handle_t, const char**)>(function)(driver_, &text));
    return text ? text : "";
  }

  void expect_refused(ze_module_handle_t module, const char* name, const char* reason) {
    const ze_kernel_desc_t desc{ZE_STRUCTURE_TYPE_KERNEL_DESC, nullptr, 0, name};
    ze_kernel_handle_t kernel = nullptr;
    EXPECT_EQ(ZE(zeKernelCreate)(module, &desc, &kernel), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE) << name;
    EXPECT_NE(last_error().find(reason), std::string::npos) << last_error();
    void* function = nullptr;
    EXPECT_EQ(ZE(zeModuleGetFunctionPointer)(module, name, &function), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE) << name;
  }

  void expect_some(ze_module_handle_t module) {
    uint32_t count = 0;
    EXPECT_ZE(ZE(zeModuleGetKernelNames)(module, &count, nullptr));
    EXPECT_EQ(count, 2u);
    auto *in = shared<int>(8, 7), *out = shared<int>(8);
    run(kernel(module, "twice"), {1, 1, 1}, {8, 1, 1}, in, out);
    EXPECT_EQ(out[5], 14);
    run(kernel(module, "thrice"), {1, 1, 1}, {8, 1, 1}, in, out);
    EXPECT_EQ(out[5], 21);
    expect_refused(module, "sum_of_pixels", "kernel 'sum_of_pixels' cannot run: the device has no images and samplers");
    expect_refused(module, "clear_image", "images");
    expect_refused(module, "greedy",
                   "kernel 'greedy' cannot run: it needs 16777216 bytes of local memory, the device has ");
  }
};

TEST_P(PartialModules, RunWhatTheDeviceHas) {
  ze_module_handle_t module = build("some_with_images", GetParam());
  ASSERT_TRUE(module);
  expect_some(module);
  const auto [result, log] = try_build(kernel_binary("some_with_images", GetParam()));
  EXPECT_ZE(result);
  for (const char* name : {"sum_of_pixels", "clear_image", "greedy"}) {
    EXPECT_NE(log.find("note: kernel '" + std::string(name) + "' cannot run: "), std::string::npos) << log;
  }
  EXPECT_EQ(log.find("error"), std::string::npos) << log;
}

TEST_P(PartialModules, StayWhatTheyAreAsNativeBinaries) {
  ze_module_handle_t module = build("some_with_images", GetParam());
  ASSERT_TRUE(module);
  size_t size = 0;
  ASSERT_ZE(ZE(zeModuleGetNativeBinary)(module, &size, nullptr));
  std::vector<uint8_t> binary(size);
  ASSERT_ZE(ZE(zeModuleGetNativeBinary)(module, &size, binary.data()));
  ze_module_desc_t desc{
      ZE_STRUCTURE_TYPE_MODULE_DESC, nullptr, ZE_MODULE_FORMAT_NATIVE, size, binary.data(), nullptr, nullptr};
  ze_module_handle_t loaded = nullptr;
  ASSERT_ZE(ZE(zeModuleCreate)(context_, device_, &desc, &loaded, nullptr));
  keep(loaded);
  expect_some(loaded);
}

INSTANTIATE_TEST_SUITE_P(Level, PartialModules, ::testing::Values(0, 2));

/// Of the other kinds of what is lacking, each costs its own kernel.
TEST_F(DeviceTest, WhatAKernelLacksIsItsOwn) {
  SpirvText text;
  text.begin_kernel("works", {"g_i32"});
  text.store(text.constant("i32", 5), "i32", "%.p0", "%.id");
  text.end_kernel();
  text.begin_kernel("narrow", {"g_i32"});
  text.store(text.constant("i32", 6), "i32", "%.p0", "%.id");
  text.end_kernel();
  text.annotation("OpExecutionMode %kernel1 SubgroupSize 4");
  text.begin_kernel("waits_for_all", {"g_i32"});
  text.line("OpControlBarrier " + text.constant("i32", 1) + " " + text.constant("i32", 1) + " " +
            text.constant("i32", 0));
  text.end_kernel();
  const auto [result, log] = try_build(text.words());
  EXPECT_ZE(result);
  EXPECT_NE(log.find("note: kernel 'narrow' cannot run: it asks for sub-groups of 4 items"), std::string::npos) << log;
  EXPECT_NE(log.find("note: kernel 'waits_for_all' cannot run: a group operation is for more than a work-group"),
            std::string::npos)
      << log;
  ze_module_handle_t module = build(text.words());
  ASSERT_TRUE(module);
  auto* out = shared<int32_t>(4);
  run(kernel(module, "works"), {1, 1, 1}, {4, 1, 1}, out);
  EXPECT_EQ(out[3], 5);
}

}  // namespace
}  // namespace metate::test
