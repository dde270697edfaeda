// tables_test – the function tables that loaders of all versions ask a driver for.
//
// A table of an older loader is shorter: what it does not have must not be written behind it.
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

struct Entry {
  uint32_t since;
  const char* name;
  const char* reason;  // why Metate's driver refuses it, else null
};

struct Table {
  const char* getter;
  bool optional;  // it came later: a driver may lack it
  std::vector<Entry> entries;

  size_t size(uint32_t minor) const {
    return static_cast<size_t>(
        std::count_if(entries.begin(), entries.end(), [=](const Entry& entry) { return entry.since <= minor; }));
  }
};

std::vector<Table> all_tables() {
  std::vector<Table> tables;
#define TABLE(getter, optional) tables.push_back({#getter, optional, {}});
#define OFFERED(since, name) tables.back().entries.push_back({since, #name, nullptr});
#define NOT_OFFERED(since, name, reason) tables.back().entries.push_back({since, #name, reason});
#include "tests/level_zero/entry_points.def"
  return tables;
}

class Tables : public DeviceTest {
 protected:
  using Getter = ze_result_t (*)(ze_api_version_t, void*);

  void SetUp() override {
    DeviceTest::SetUp();
    const char* drivers = std::getenv("METATE_ZE_TEST_DRIVERS");
    library_ = dlopen(drivers ? drivers : METATE_ZE_DRIVER, RTLD_NOW);
    if (!library_) GTEST_SKIP() << "the driver is no library of that name";
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

using Refusal = ze_result_t (*)(void*, void*, void*, void*, void*, void*, void*, void*, void*, void*, void*, void*);

/// Who refuses looks at no argument, so it is called as if it were of another type.
__attribute__((no_sanitize("undefined"))) ze_result_t call(void* function) {
  void* none = nullptr;
  return reinterpret_cast<Refusal>(function)(none, none, none, none, none, none, none, none, none, none, none, none);
}

/// Metate's own driver, one row an entry point. What others refuse is not known.
TEST_F(Tables, RefuseWhatIsNotOffered) {
  if (std::getenv("METATE_ZE_TEST_DRIVERS")) GTEST_SKIP() << "another driver";
  for (const Table& table : all_tables()) {
    Getter getter = find(table);
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

}  // namespace
}  // namespace metate::test
