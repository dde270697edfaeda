// small_calls_test – entry points that ask, advise or hint: their answers, and that nothing else comes of them.
#include <cstring>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

using SmallCalls = DeviceTest;

TEST_F(SmallCalls, OfContexts) {
  EXPECT_ZE(ZE(zeContextGetStatus)(context_));
  EXPECT_ZE(ZE(zeContextSystemBarrier)(context_, device_));
  auto* memory = shared<int>(64, 5);
  EXPECT_ZE(ZE(zeContextMakeMemoryResident)(context_, device_, memory, 64 * sizeof(int)));
  EXPECT_ZE(ZE(zeContextEvictMemory)(context_, device_, memory, 64 * sizeof(int)));
  EXPECT_EQ(memory[63], 5);
  EXPECT_EQ(ZE(zeContextMakeMemoryResident)(context_, device_, nullptr, 64), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeContextEvictMemory)(context_, device_, memory, 0), ZE_RESULT_ERROR_INVALID_SIZE);

  const ze_context_desc_t desc{ZE_STRUCTURE_TYPE_CONTEXT_DESC, nullptr, 0};
  ze_context_handle_t context = nullptr;
  ASSERT_ZE(ZE(zeContextCreateEx)(driver_, &desc, 1, &device_, &context));
  void* data = nullptr;
  const ze_host_mem_alloc_desc_t on_host{ZE_STRUCTURE_TYPE_HOST_MEM_ALLOC_DESC, nullptr, 0};
  ASSERT_ZE(ZE(zeMemAllocHost)(context, &on_host, sizeof(int), 4, &data));
  *static_cast<int*>(data) = 7;
  auto* here = shared<int>(1);
  EXPECT_ZE(ZE(zeCommandListAppendMemoryCopyFromContext)(list_, here, context, data, sizeof(int), nullptr, 0, nullptr));
  EXPECT_EQ(*here, 7);
  EXPECT_ZE(ZE(zeMemFree)(context, data));
  EXPECT_ZE(ZE(zeContextDestroy)(context));
}

TEST_F(SmallCalls, OfLists) {
  auto *from = shared<int>(16, 3), *to = shared<int>(16, 0);
  const size_t size = 16 * sizeof(int);
  EXPECT_ZE(ZE(zeCommandListAppendMemoryPrefetch)(list_, from, size));
  EXPECT_ZE(ZE(zeCommandListAppendMemAdvise)(list_, device_, from, size, ZE_MEMORY_ADVICE_SET_READ_MOSTLY));
  const void* ranges[] = {from, to};
  const size_t sizes[] = {size, size};
  EXPECT_ZE(ZE(zeCommandListAppendMemoryRangesBarrier)(list_, 2, sizes, ranges, nullptr, 0, nullptr));
  EXPECT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, to, from, size, nullptr, 0, nullptr));
  EXPECT_EQ(to[15], 3);
  EXPECT_EQ(ZE(zeCommandListAppendMemoryPrefetch)(list_, nullptr, size), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeCommandListAppendMemoryRangesBarrier)(list_, 2, nullptr, ranges, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(SmallCalls, OfDriversAndDevices) {
  ze_driver_ipc_properties_t ipc{};
  ipc.stype = ZE_STRUCTURE_TYPE_DRIVER_IPC_PROPERTIES;
  EXPECT_ZE(ZE(zeDriverGetIpcProperties)(driver_, &ipc));
  ze_device_external_memory_properties_t external{};
  external.stype = ZE_STRUCTURE_TYPE_DEVICE_EXTERNAL_MEMORY_PROPERTIES;
  EXPECT_ZE(ZE(zeDeviceGetExternalMemoryProperties)(device_, &external));
  ze_device_p2p_properties_t peers{};
  peers.stype = ZE_STRUCTURE_TYPE_DEVICE_P2P_PROPERTIES;
  EXPECT_ZE(ZE(zeDeviceGetP2PProperties)(device_, device_, &peers));

  ze_driver_properties_t driver{};
  driver.stype = ZE_STRUCTURE_TYPE_DRIVER_PROPERTIES;
  ze_device_properties_t device{};
  device.stype = ZE_STRUCTURE_TYPE_DEVICE_PROPERTIES;
  ASSERT_ZE(ZE(zeDriverGetProperties)(driver_, &driver));
  ASSERT_ZE(ZE(zeDeviceGetProperties)(device_, &device));
  const uint8_t none[16] = {};
  EXPECT_NE(std::memcmp(driver.uuid.id, none, 16), 0);
  EXPECT_NE(std::memcmp(device.uuid.id, none, 16), 0);
}

TEST_F(SmallCalls, OfKernels) {
  ze_module_handle_t module = build("vector_add", 2);
  ze_kernel_handle_t add = kernel(module, "vector_add");
  EXPECT_ZE(ZE(zeKernelSetCacheConfig)(add, ZE_CACHE_CONFIG_FLAG_LARGE_DATA));
  ze_kernel_indirect_access_flags_t flags = 0;
  EXPECT_ZE(ZE(zeKernelSetIndirectAccess)(add, ZE_KERNEL_INDIRECT_ACCESS_FLAG_HOST));
  EXPECT_ZE(ZE(zeKernelGetIndirectAccess)(add, &flags));
  EXPECT_EQ(flags, static_cast<uint32_t>(ZE_KERNEL_INDIRECT_ACCESS_FLAG_HOST));
  uint32_t size = 0;
  ASSERT_ZE(ZE(zeKernelGetSourceAttributes)(add, &size, nullptr));
  ASSERT_GE(size, 1u);  // the end of an empty text
  std::vector<char> text(size, 'x');
  char* start = text.data();
  ASSERT_ZE(ZE(zeKernelGetSourceAttributes)(add, &size, &start));
  EXPECT_EQ(std::strlen(text.data()) + 1, size);
}

TEST_F(SmallCalls, OfKernelsThatStartLater) {
  ze_kernel_handle_t add = kernel(build("vector_add", 2), "vector_add");
  auto *a = shared<float>(64, 1), *b = shared<float>(64, 2), *c = shared<float>(64, 0);
  ze_scheduling_hint_exp_desc_t hint{ZE_STRUCTURE_TYPE_SCHEDULING_HINT_EXP_DESC, nullptr,
                                     ZE_SCHEDULING_HINT_EXP_FLAG_OLDEST_FIRST};
  EXPECT_ZE(ZE(zeKernelSchedulingHintExp)(add, &hint));
  ASSERT_ZE(ZE(zeKernelSetGlobalOffsetExp)(add, 32, 0, 0));
  run(add, {2, 1, 1}, {16, 1, 1}, a, b, c);
  EXPECT_EQ(c[31], 0);
  EXPECT_EQ(c[32], 3);
  EXPECT_EQ(c[63], 3);
}

}  // namespace
}  // namespace metate::test
