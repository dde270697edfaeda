// dispatch_test – handles that lead to their driver's functions, so that a loader with several drivers need not wrap
// them: ZE_extension_driver_ddi_handles.
#include "runtime/ze_software/newer_tables.h"
#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

namespace newer = ze_software::newer;

/// How ze_dditable_driver_t begins. The table of zeDevice… is the eighth, with zeDeviceGetProperties as third function.
struct Tables {
  uint32_t version;
  uint8_t is_valid;
  void** tables[8];
};
constexpr size_t kDeviceTable = 7, kDeviceGetProperties = 2;

const Tables* tables_of(const void* handle) { return *static_cast<const Tables* const*>(handle); }

class Dispatch : public DeviceTest {
 protected:
  void prepare() override {
    newer::ze_driver_ddi_handles_ext_properties_t handles{newer::kDdiHandlesProperties, nullptr, 0};
    ze_driver_properties_t properties{ZE_STRUCTURE_TYPE_DRIVER_PROPERTIES, &handles, {}, 0};
    ASSERT_ZE(ZE(zeDriverGetProperties)(driver_, &properties));
    ASSERT_TRUE(handles.flags & newer::kDdiHandles);
  }
};

TEST_F(Dispatch, EveryHandleLeadsToTheTables) {
  const ze_command_queue_desc_t queue_desc{.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC};
  const ze_fence_desc_t fence_desc{.stype = ZE_STRUCTURE_TYPE_FENCE_DESC};
  const ze_event_pool_desc_t pool_desc{ZE_STRUCTURE_TYPE_EVENT_POOL_DESC, nullptr, ZE_EVENT_POOL_FLAG_HOST_VISIBLE, 1};
  const ze_event_desc_t event_desc{.stype = ZE_STRUCTURE_TYPE_EVENT_DESC};
  ze_command_queue_handle_t queue = nullptr;
  ze_fence_handle_t fence = nullptr;
  ze_event_pool_handle_t pool = nullptr;
  ze_event_handle_t event = nullptr;
  ASSERT_ZE(ZE(zeCommandQueueCreate)(context_, device_, &queue_desc, &queue));
  ASSERT_ZE(ZE(zeFenceCreate)(queue, &fence_desc, &fence));
  ASSERT_ZE(ZE(zeEventPoolCreate)(context_, &pool_desc, 1, &device_, &pool));
  ASSERT_ZE(ZE(zeEventCreate)(pool, &event_desc, &event));
  ze_module_handle_t module = build("vector_add", 2);
  const std::vector<uint8_t> noise(64, 7);
  const ze_module_desc_t bad{.stype = ZE_STRUCTURE_TYPE_MODULE_DESC,
                             .format = ZE_MODULE_FORMAT_IL_SPIRV,
                             .inputSize = noise.size(),
                             .pInputModule = noise.data()};
  ze_module_handle_t none = nullptr;
  ze_module_build_log_handle_t log = nullptr;
  EXPECT_NE(ZE(zeModuleCreate)(context_, device_, &bad, &none, &log), ZE_RESULT_SUCCESS);
  for (const void* handle : std::initializer_list<const void*>{driver_, device_, context_, list_, queue, fence, pool,
                                                               event, module, kernel(module, "vector_add"), log}) {
    ASSERT_NE(handle, nullptr);
    EXPECT_EQ(tables_of(handle), tables_of(driver_));
  }
  EXPECT_EQ(tables_of(driver_)->is_valid, 1);
  EXPECT_GE(tables_of(driver_)->version, uint32_t{ZE_API_VERSION_1_4});
  EXPECT_ZE(ZE(zeModuleBuildLogDestroy)(log));
  EXPECT_ZE(ZE(zeEventDestroy)(event));
  EXPECT_ZE(ZE(zeEventPoolDestroy)(pool));
  EXPECT_ZE(ZE(zeFenceDestroy)(fence));
  EXPECT_ZE(ZE(zeCommandQueueDestroy)(queue));
}

TEST_F(Dispatch, TheTablesHoldTheFunctions) {
  const auto get_properties = reinterpret_cast<decltype(&zeDeviceGetProperties)>(
      tables_of(device_)->tables[kDeviceTable][kDeviceGetProperties]);
  ze_device_properties_t direct{.stype = ZE_STRUCTURE_TYPE_DEVICE_PROPERTIES};
  ze_device_properties_t through{.stype = ZE_STRUCTURE_TYPE_DEVICE_PROPERTIES};
  ASSERT_ZE(ZE(zeDeviceGetProperties)(device_, &direct));
  ASSERT_ZE(get_properties(device_, &through));
  EXPECT_STREQ(through.name, direct.name);
}

}  // namespace
}  // namespace metate::test
