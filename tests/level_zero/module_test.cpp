// module_test – modules that build, and modules that must not.
#include <algorithm>
#include <cstring>
#include <random>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

using Modules = DeviceTest;

TEST_F(Modules, NamesItsKernels) {
  ze_module_handle_t module = build("vector_add", 2);
  uint32_t count = 0;
  ASSERT_ZE(ZE(zeModuleGetKernelNames)(module, &count, nullptr));
  std::vector<const char*> names(count);
  ASSERT_ZE(ZE(zeModuleGetKernelNames)(module, &count, names.data()));
  std::vector<std::string> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, (std::vector<std::string>{"guarded_add", "nothing", "scale_3d", "vector_add"}));
  ze_module_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_MODULE_PROPERTIES;
  ASSERT_ZE(ZE(zeModuleGetProperties)(module, &properties));
  EXPECT_EQ(properties.flags, 0u);
}

TEST_F(Modules, RefusesKernelsItDoesNotHave) {
  ze_module_handle_t module = build("vector_add", 2);
  ze_kernel_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_KERNEL_DESC;
  desc.pKernelName = "no_such_kernel";
  ze_kernel_handle_t made = nullptr;
  EXPECT_EQ(ZE(zeKernelCreate)(module, &desc, &made), ZE_RESULT_ERROR_INVALID_KERNEL_NAME);
  desc.pKernelName = nullptr;
  EXPECT_EQ(ZE(zeKernelCreate)(module, &desc, &made), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeModuleGetGlobalPointer)(module, "no_such_variable", nullptr, nullptr),
            ZE_RESULT_ERROR_INVALID_GLOBAL_NAME);
}

TEST_F(Modules, RefusesAModuleThatIsCutOff) {
  const std::vector<uint8_t> whole = kernel_binary("vector_add", 2);
  for (size_t size : {size_t{1}, size_t{4}, size_t{19}, size_t{20}, whole.size() / 3, whole.size() / 2,
                      whole.size() - 4, whole.size() - 1}) {
    auto [result, log] = try_build(std::span(whole).first(size));
    EXPECT_EQ(result, ZE_RESULT_ERROR_MODULE_BUILD_FAILURE) << size;
    EXPECT_GT(log.size(), 10u) << size;
  }
  EXPECT_EQ(try_build(std::span(whole).first(0)).first, ZE_RESULT_ERROR_INVALID_SIZE);
}

TEST_F(Modules, RefusesNoise) {
  std::mt19937 random(20260101);
  std::vector<uint8_t> noise(4096);
  for (uint8_t& byte : noise) byte = static_cast<uint8_t>(random());
  EXPECT_EQ(try_build(noise).first, ZE_RESULT_ERROR_MODULE_BUILD_FAILURE);
}

// A word is changed at random; the module may still mean something, but the driver must live.
TEST_F(Modules, SurvivesDamage) {
  std::mt19937 random(7);
  int refused = 0;
  for (const char* name : {"vector_add", "barriers", "control", "aggregates"}) {
    const std::vector<uint8_t> whole = kernel_binary(name, 2);
    for (int round = 0; round < 25; ++round) {
      std::vector<uint8_t> damaged = whole;
      const size_t word = 5 + random() % (whole.size() / 4 - 5);
      const uint32_t value = random() % 2 ? random() : random() % 256;
      std::memcpy(damaged.data() + 4 * word, &value, 4);
      refused += try_build(damaged).first != ZE_RESULT_SUCCESS;
    }
  }
  EXPECT_GT(refused, 50);
}

TEST_F(Modules, NamesTheFunctionThatNobodyDefines) {
  auto [result, log] = try_build(kernel_binary("imports", 2));
  EXPECT_EQ(result, ZE_RESULT_SUCCESS);  // another module may define it
  EXPECT_NE(log.find("somewhere_else"), std::string::npos) << log;
}

TEST_F(Modules, ChecksItsArguments) {
  ze_module_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_MODULE_DESC;
  desc.format = ZE_MODULE_FORMAT_IL_SPIRV;
  ze_module_handle_t module = nullptr;
  EXPECT_EQ(ZE(zeModuleCreate)(context_, device_, nullptr, &module, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeModuleCreate)(context_, device_, &desc, &module, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

}  // namespace
}  // namespace metate::test
