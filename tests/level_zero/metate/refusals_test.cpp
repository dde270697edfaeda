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
