// tables_test – the function tables that loaders of all versions ask a driver for.
//
// A table of an older loader is shorter: what it does not have must not be written behind it.
#include <dlfcn.h>

#include <algorithm>
#include <vector>

#include "tests/level_zero/api.h"
#include "tests/level_zero/entry_tables.h"
#include "tests/level_zero/exceptions.h"

namespace metate::test {
namespace {

class Tables : public DeviceTest {
 protected:
  using Getter = ze_result_t (*)(ze_api_version_t, void*);

  void prepare() override {
    library_ = Subject(driver_, device_).library();
    ze_api_version_t version{};
    ASSERT_ZE(ZE(zeDriverGetApiVersion)(driver_, &version));
    driver_minor_ = ZE_MINOR_VERSION(version);
  }

  Getter find(const Table& table) { return reinterpret_cast<Getter>(dlsym(library_, table.getter)); }

  void check(const Table& table, Getter getter, uint32_t minor) {
    int canary = 0;
    void* const untouched = &canary;
    void* slots[64];
    std::fill(std::begin(slots), std::end(slots), untouched);
    ASSERT_ZE(getter(static_cast<ze_api_version_t>(ZE_MAKE_VERSION(1, minor)), slots)) << table.getter;
    const size_t filled = table.size(std::min(minor, driver_minor_));
    for (size_t i = 0; i < filled; ++i) {
      EXPECT_NE(slots[i], untouched) << table.entries[i].name << " 1." << minor;
      EXPECT_NE(slots[i], nullptr) << table.entries[i].name << " 1." << minor;
    }
    for (size_t i = table.size(minor); i < std::size(slots); ++i) {
      EXPECT_EQ(slots[i], untouched) << table.getter << " 1." << minor << ", behind the table at " << i;
    }
  }

  void* library_ = nullptr;
  uint32_t driver_minor_ = 0;
};

TEST_F(Tables, HaveTheLengthThatTheLoaderKnows) {
  for (const Table& table : all_tables()) {
    Getter getter = find(table);
    if (!getter && table.optional) continue;
    ASSERT_TRUE(getter) << table.getter;
    for (uint32_t minor = table.entries.front().since; minor <= 18; ++minor) check(table, getter, minor);
  }
}

TEST_F(Tables, NeedAPlace) {
  for (const Table& table : all_tables()) {
    Getter getter = find(table);
    if (!getter && table.optional) continue;
    EXPECT_NE(getter(ZE_API_VERSION_CURRENT, nullptr), ZE_RESULT_SUCCESS) << table.getter;
  }
}

}  // namespace
}  // namespace metate::test
