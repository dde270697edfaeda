// tables_test – the function tables that loaders of all versions ask a driver for.
//
// A table of an older loader is shorter: what it does not have must not be written behind it.
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

/// How many entries a table has from which minor version on, as the specification lists them.
struct Table {
  const char* getter;
  std::map<uint32_t, size_t> entries;
};

const Table kTables[] = {
    {"zeGetGlobalProcAddrTable", {{4, 1}, {10, 2}}},
    {"zeGetDriverProcAddrTable", {{4, 6}, {6, 7}, {13, 8}, {14, 9}}},
    {"zeGetDeviceProcAddrTable",
     {{4, 18}, {7, 19}, {12, 21}, {13, 22}, {14, 23}, {15, 24}, {16, 27}, {17, 28}, {18, 29}}},
    {"zeGetContextProcAddrTable", {{4, 9}}},
    {"zeGetCommandQueueProcAddrTable", {{4, 4}, {9, 6}, {17, 9}}},
    {"zeGetCommandListProcAddrTable", {{4, 28}, {6, 29}, {9, 34}, {12, 36}, {14, 38}, {16, 41}, {17, 52}, {18, 54}}},
    {"zeGetImageProcAddrTable", {{4, 4}, {5, 5}}},
    {"zeGetImageExpProcAddrTable", {{4, 2}, {9, 3}}},
    {"zeGetFenceProcAddrTable", {{4, 5}}},
    {"zeGetEventPoolProcAddrTable", {{4, 5}, {6, 6}, {9, 8}}},
    {"zeGetEventProcAddrTable", {{4, 7}, {6, 8}, {9, 11}, {15, 16}, {17, 17}}},
    {"zeGetModuleProcAddrTable", {{4, 9}, {18, 10}}},
    {"zeGetKernelProcAddrTable", {{4, 12}, {18, 13}}},
    {"zeGetKernelExpProcAddrTable", {{4, 2}, {11, 3}, {14, 4}}},
    {"zeGetPhysicalMemProcAddrTable", {{4, 2}, {15, 3}}},
    {"zeGetMemProcAddrTable", {{4, 10}, {6, 11}, {9, 12}, {15, 13}}},
    {"zeGetVirtualMemProcAddrTable", {{4, 7}}},
};

/// Those that came later; a driver may lack them.
const Table kNewerTables[] = {
    {"zeGetCommandListExpProcAddrTable", {{9, 6}, {10, 8}, {17, 9}}},
    {"zeGetMemExpProcAddrTable", {{6, 2}, {7, 4}}},
    {"zeGetDriverExpProcAddrTable", {{7, 1}}},
    {"zeGetRTASBuilderProcAddrTable", {{13, 5}}},
    {"zeGetGraphProcAddrTable", {{17, 7}}},
    {"zerGetGlobalProcAddrTable", {{14, 4}}},
};

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

  static size_t entries(const Table& table, uint32_t minor) {
    size_t count = 0;
    for (const auto& [since, size] : table.entries) {
      if (since <= minor) count = size;
    }
    return count;
  }

  void check(const Table& table, Getter getter, uint32_t minor) {
    int canary = 0;
    void* const untouched = &canary;
    void* slots[64];
    std::fill(std::begin(slots), std::end(slots), untouched);
    ASSERT_ZE(getter(static_cast<ze_api_version_t>(ZE_MAKE_VERSION(1, minor)), slots)) << table.getter;
    const size_t filled = entries(table, std::min(minor, driver_minor_));
    for (size_t i = 0; i < filled; ++i) {
      EXPECT_NE(slots[i], untouched) << table.getter << " 1." << minor << ", entry " << i;
      EXPECT_NE(slots[i], nullptr) << table.getter << " 1." << minor << ", entry " << i;
    }
    for (size_t i = entries(table, minor); i < std::size(slots); ++i) {
      EXPECT_EQ(slots[i], untouched) << table.getter << " 1." << minor << ", behind the table at " << i;
    }
  }

  void* library_ = nullptr;
  uint32_t driver_minor_ = 0;
};

TEST_F(Tables, HaveTheLengthThatTheLoaderKnows) {
  for (const Table& table : kTables) {
    Getter getter = find(table);
    ASSERT_TRUE(getter) << table.getter;
    for (uint32_t minor = 4; minor <= 18; ++minor) check(table, getter, minor);
  }
}

TEST_F(Tables, OfNewerLoadersToo) {
  for (const Table& table : kNewerTables) {
    Getter getter = find(table);
    if (!getter) continue;
    for (uint32_t minor = table.entries.begin()->first; minor <= 18; ++minor) check(table, getter, minor);
  }
}

TEST_F(Tables, NeedAPlace) {
  for (const Table& table : kTables) {
    EXPECT_NE(find(table)(ZE_API_VERSION_CURRENT, nullptr), ZE_RESULT_SUCCESS) << table.getter;
  }
}

}  // namespace
}  // namespace metate::test
