// driver_test – drivers, devices and what they say of themselves.
#include <dlfcn.h>

#include <cstring>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class Driver : public DeviceTest {};

TEST_F(Driver, HasAVersionThatTheTestsWereWrittenFor) {
  ze_api_version_t version{};
  ASSERT_ZE(ZE(zeDriverGetApiVersion)(driver_, &version));
  EXPECT_GE(version, ZE_API_VERSION_1_4);
  EXPECT_EQ(ZE_MAJOR_VERSION(version), 1u);
}

TEST_F(Driver, ListsExtensionsByCountFirst) {
  uint32_t count = 0;
  ASSERT_ZE(ZE(zeDriverGetExtensionProperties)(driver_, &count, nullptr));
  std::vector<ze_driver_extension_properties_t> extensions(count);
  ASSERT_ZE(ZE(zeDriverGetExtensionProperties)(driver_, &count, extensions.data()));
  for (const auto& extension : extensions) EXPECT_EQ(std::strncmp(extension.name, "ZE_", 3), 0) << extension.name;
}

/// A count of 0 is a question, even with an array: that may have no place at all.
TEST_F(Driver, WritesNothingWhereACountIsAskedFor) {
  const auto unwritten = [](auto get, auto handle, auto element) {
    using Element = decltype(element);
    Element before;
    std::memset(static_cast<void*>(&before), 0x5a, sizeof(before));
    if constexpr (requires { element.pNext; }) before.pNext = nullptr;
    Element after = before;
    uint32_t count = 0;
    return get(handle, &count, &after) == ZE_RESULT_SUCCESS && count &&
           std::memcmp(static_cast<const void*>(&before), static_cast<const void*>(&after), sizeof(after)) == 0;
  };
  EXPECT_TRUE(unwritten(ZE(zeDeviceGet), driver_, ze_device_handle_t{}));
  EXPECT_TRUE(unwritten(ZE(zeDriverGetExtensionProperties), driver_, ze_driver_extension_properties_t{}));
  EXPECT_TRUE(unwritten(ZE(zeDeviceGetMemoryProperties), device_, ze_device_memory_properties_t{}));
  EXPECT_TRUE(unwritten(ZE(zeDeviceGetCacheProperties), device_, ze_device_cache_properties_t{}));
  EXPECT_TRUE(unwritten(ZE(zeDeviceGetCommandQueueGroupProperties), device_, ze_command_queue_group_properties_t{}));
}

TEST_F(Driver, RefusesNull) {
  EXPECT_EQ(ZE(zeDriverGetProperties)(driver_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeDeviceGet)(driver_, nullptr, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeDeviceGetProperties)(device_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Driver, RefusesNullHandles) {
  const ze_host_mem_alloc_desc_t on_host{ZE_STRUCTURE_TYPE_HOST_MEM_ALLOC_DESC, nullptr, 0};
  const ze_context_desc_t context{ZE_STRUCTURE_TYPE_CONTEXT_DESC, nullptr, 0};
  ze_context_handle_t made = nullptr;
  void* data = nullptr;
  uint32_t count = 0;
  EXPECT_EQ(ZE(zeDeviceGet)(nullptr, &count, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeContextCreate)(nullptr, &context, &made), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeMemAllocHost)(nullptr, &on_host, 64, 64, &data), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeKernelSetArgumentValue)(nullptr, 0, 8, &data), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeCommandListAppendBarrier)(nullptr, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeCommandQueueSynchronize)(nullptr, 0), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeEventHostSignal)(nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeEventQueryTimestampsExp)(nullptr, device_, &count, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(ZE(zeModuleDestroy)(nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
}

TEST_F(Driver, DescribesTheDevice) {
  ze_device_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_DEVICE_PROPERTIES;
  ASSERT_ZE(ZE(zeDeviceGetProperties)(device_, &properties));
  EXPECT_GT(std::strlen(properties.name), 0u);
  EXPECT_GT(properties.maxMemAllocSize, uint64_t{1} << 20);
  EXPECT_GT(properties.timerResolution, 0u);
  EXPECT_GT(properties.timestampValidBits, 0u);

  ze_device_compute_properties_t compute{};
  compute.stype = ZE_STRUCTURE_TYPE_DEVICE_COMPUTE_PROPERTIES;
  ASSERT_ZE(ZE(zeDeviceGetComputeProperties)(device_, &compute));
  EXPECT_GE(compute.maxTotalGroupSize, 64u);
  EXPECT_GE(compute.maxGroupSizeX, 64u);
  EXPECT_GE(compute.maxSharedLocalMemory, 16u * 1024);
  ASSERT_GE(compute.numSubGroupSizes, 1u);
  EXPECT_GE(compute.subGroupSizes[0], 1u);

  ze_device_module_properties_t module{};
  module.stype = ZE_STRUCTURE_TYPE_DEVICE_MODULE_PROPERTIES;
  ASSERT_ZE(ZE(zeDeviceGetModuleProperties)(device_, &module));
  EXPECT_GE(module.spirvVersionSupported, static_cast<uint32_t>(ZE_MAKE_VERSION(1, 2)));
  EXPECT_GE(module.maxArgumentsSize, 1024u);
  EXPECT_TRUE(module.fp32flags & ZE_DEVICE_FP_FLAG_ROUND_TO_NEAREST);
}

TEST_F(Driver, HasAQueueGroupThatComputes) {
  uint32_t count = 0;
  ASSERT_ZE(ZE(zeDeviceGetCommandQueueGroupProperties)(device_, &count, nullptr));
  ASSERT_GE(count, 1u);
  std::vector<ze_command_queue_group_properties_t> groups(count);
  ASSERT_ZE(ZE(zeDeviceGetCommandQueueGroupProperties)(device_, &count, groups.data()));
  EXPECT_TRUE(groups[0].flags & ZE_COMMAND_QUEUE_GROUP_PROPERTY_FLAG_COMPUTE);
  EXPECT_GE(groups[0].numQueues, 1u);
}

TEST_F(Driver, SaysWhereItCanAccessMemory) {
  ze_device_memory_access_properties_t access{};
  access.stype = ZE_STRUCTURE_TYPE_DEVICE_MEMORY_ACCESS_PROPERTIES;
  ASSERT_ZE(ZE(zeDeviceGetMemoryAccessProperties)(device_, &access));
  EXPECT_TRUE(access.deviceAllocCapabilities & ZE_MEMORY_ACCESS_CAP_FLAG_RW);
  uint32_t count = 0;
  ASSERT_ZE(ZE(zeDeviceGetMemoryProperties)(device_, &count, nullptr));
  EXPECT_GE(count, 1u);
  ASSERT_ZE(ZE(zeDeviceGetCacheProperties)(device_, &count, nullptr));
  ze_bool_t reachable = false;
  ASSERT_ZE(ZE(zeDeviceCanAccessPeer)(device_, device_, &reachable));
  EXPECT_TRUE(reachable);
  EXPECT_ZE(ZE(zeDeviceGetStatus)(device_));
}

TEST_F(Driver, TimestampsGoForward) {
  uint64_t host[2], device[2];
  ASSERT_ZE(ZE(zeDeviceGetGlobalTimestamps)(device_, &host[0], &device[0]));
  ASSERT_ZE(ZE(zeDeviceGetGlobalTimestamps)(device_, &host[1], &device[1]));
  EXPECT_LE(host[0], host[1]);
  EXPECT_LE(device[0], device[1]);
}

TEST_F(Driver, RefusesImagesWhenItHasNone) {
  ze_image_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_IMAGE_DESC;
  desc.type = ZE_IMAGE_TYPE_2D;
  desc.width = desc.height = 16;
  ze_image_handle_t image = nullptr;
  const ze_result_t result = ZE(zeImageCreate)(context_, device_, &desc, &image);
  if (result == ZE_RESULT_SUCCESS) {
    EXPECT_ZE(ZE(zeImageDestroy)(image));
  } else {
    EXPECT_EQ(result, ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
  }
}

}  // namespace
}  // namespace metate::test
