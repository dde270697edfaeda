// refusals_test – what Metate's driver does not offer: it says so, and needs none of the suite's exceptions.
#include <dlfcn.h>

#include "tests/level_zero/api.h"
#include "tests/level_zero/entry_tables.h"
#include "tests/level_zero/exceptions.h"

namespace metate::test {
namespace {

using Refusal = ze_result_t (*)(void*, void*, void*, void*, void*, void*, void*, void*, void*, void*, void*, void*);

/// Who refuses looks at no argument, so it is called as if it were of another type.
__attribute__((no_sanitize("undefined"))) ze_result_t call(void* function) {
  void* none = nullptr;
  return reinterpret_cast<Refusal>(function)(none, none, none, none, none, none, none, none, none, none, none, none);
}

TEST_F(DeviceTest, WhatIsNotOfferedIsRefused) {
  void* const library = Subject(driver_, device_).library();
  ASSERT_TRUE(library);
  for (const Table& table : all_tables()) {
    auto* getter = reinterpret_cast<ze_result_t (*)(ze_api_version_t, void*)>(dlsym(library, table.getter));
    ASSERT_TRUE(getter) << table.getter;
    void* slots[64] = {};
    ASSERT_ZE(getter(static_cast<ze_api_version_t>(ZE_MAKE_VERSION(1, 18)), slots)) << table.getter;
    for (size_t i = 0; i < table.entries.size(); ++i) {
      const Entry& entry = table.entries[i];
      ASSERT_TRUE(slots[i]) << entry.name;
      void* found = nullptr;
      const bool offered = ZE(zeDriverGetExtensionFunctionAddress)(driver_, entry.name, &found) == ZE_RESULT_SUCCESS;
      EXPECT_EQ(offered, !entry.reason) << entry.name;
      if (entry.reason) {
        EXPECT_EQ(call(slots[i]), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE) << entry.name << ": " << entry.reason;
      }
    }
  }
}

/// The text is of the last error, or empty where that says enough by itself.
TEST_F(DeviceTest, DescribesTheLastErrorAlone) {
  void* found = nullptr;
  ASSERT_ZE(ZE(zeDriverGetExtensionFunctionAddress)(driver_, "zeDriverGetLastErrorDescription", &found));
  auto description = [&] {
    const char* text = nullptr;
    EXPECT_ZE(reinterpret_cast<ze_result_t (*)(ze_driver_handle_t, const char**)>(found)(driver_, &text));
    return std::string(text ? text : "");
  };
  EXPECT_EQ(try_build(std::vector<uint8_t>(20)).first, ZE_RESULT_ERROR_MODULE_BUILD_FAILURE);
  EXPECT_NE(description().find("SPIR-V is not valid"), std::string::npos) << description();
  void* memory = allocate(64);
  EXPECT_NE(description(), "") << "of calls that succeed nothing is said";
  EXPECT_EQ(ZE(zeCommandListAppendMemoryCopy)(list_, memory, nullptr, 8, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(description(), "");
  ze_image_properties_t properties{ZE_STRUCTURE_TYPE_IMAGE_PROPERTIES, nullptr, {}};
  const ze_image_desc_t image{ZE_STRUCTURE_TYPE_IMAGE_DESC, nullptr, 0, ZE_IMAGE_TYPE_2D, {}, 1, 1, 1, 0, 0};
  EXPECT_EQ(ZE(zeImageGetProperties)(device_, &image, &properties), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
  EXPECT_NE(description().find("images"), std::string::npos) << description();
  EXPECT_EQ(ZE(zeKernelGetName)(nullptr, nullptr, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeMemFree)(context_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(description(), "");
}

/// A feature that is lost would leave its tests skipped, and nobody would see it. What the loader or a tool makes of
/// the driver is not its fault.
TEST_F(DeviceTest, NoTestIsSkipped) {
  const Subject driver(driver_, device_);
  if (driver.is_found_by_handles() || driver.is_under_thread_sanitizer()) return;
  for (const Exception& exception : exceptions()) {
    EXPECT_FALSE(exception.holds(driver)) << exception.tests << ": " << exception.reason;
  }
}

}  // namespace
}  // namespace metate::test
