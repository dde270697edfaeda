// memory_test – allocations of all kinds, what is known of them, copies and fills.
#include <cstring>
#include <thread>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class Memory : public DeviceTest {
 protected:
  const ze_device_mem_alloc_desc_t on_device_{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
  const ze_host_mem_alloc_desc_t on_host_{ZE_STRUCTURE_TYPE_HOST_MEM_ALLOC_DESC, nullptr, 0};
};

TEST_F(Memory, EachKindIsKnownByAnyAddressInside) {
  void *host = nullptr, *device = nullptr, *both = nullptr;
  ASSERT_ZE(ZE(zeMemAllocHost)(context_, &on_host_, 1000, 64, &host));
  ASSERT_ZE(ZE(zeMemAllocDevice)(context_, &on_device_, 1000, 256, device_, &device));
  ASSERT_ZE(ZE(zeMemAllocShared)(context_, &on_device_, &on_host_, 1000, 0, device_, &both));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(device) % 256, 0u);
  const std::pair<void*, ze_memory_type_t> expected[] = {
      {host, ZE_MEMORY_TYPE_HOST}, {device, ZE_MEMORY_TYPE_DEVICE}, {both, ZE_MEMORY_TYPE_SHARED}};
  for (auto [data, type] : expected) {
    ze_memory_allocation_properties_t properties{};
    properties.stype = ZE_STRUCTURE_TYPE_MEMORY_ALLOCATION_PROPERTIES;
    char* inside = static_cast<char*>(data) + 999;
    ASSERT_ZE(ZE(zeMemGetAllocProperties)(context_, inside, &properties, nullptr));
    EXPECT_EQ(properties.type, type);
    void* base = nullptr;
    size_t size = 0;
    ASSERT_ZE(ZE(zeMemGetAddressRange)(context_, inside, &base, &size));
    EXPECT_EQ(base, data);
    EXPECT_GE(size, 1000u);
    ASSERT_ZE(ZE(zeMemFree)(context_, data));
  }
}

TEST_F(Memory, ForeignPointersAreUnknown) {
  int on_stack = 0;
  ze_memory_allocation_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_MEMORY_ALLOCATION_PROPERTIES;
  ASSERT_ZE(ZE(zeMemGetAllocProperties)(context_, &on_stack, &properties, nullptr));
  EXPECT_EQ(properties.type, ZE_MEMORY_TYPE_UNKNOWN);
}

TEST_F(Memory, RefusesSizesAndAlignmentsItCannotServe) {
  void* data = nullptr;
  EXPECT_EQ(ZE(zeMemAllocHost)(context_, &on_host_, 0, 64, &data), ZE_RESULT_ERROR_UNSUPPORTED_SIZE);
  EXPECT_EQ(ZE(zeMemAllocHost)(context_, &on_host_, SIZE_MAX, 64, &data), ZE_RESULT_ERROR_UNSUPPORTED_SIZE);
  EXPECT_EQ(ZE(zeMemAllocHost)(context_, &on_host_, 64, 48, &data), ZE_RESULT_ERROR_UNSUPPORTED_ALIGNMENT);
  EXPECT_EQ(ZE(zeMemAllocHost)(context_, nullptr, 64, 64, &data), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeMemAllocHost)(context_, &on_host_, 64, 64, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeMemFree)(context_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Memory, RefusesDescriptionsItDoesNotKnow) {
  void* data = nullptr;
  ze_device_mem_alloc_desc_t on_device = on_device_;
  on_device.flags = 0x80;
  EXPECT_EQ(ZE(zeMemAllocDevice)(context_, &on_device, 64, 64, device_, &data), ZE_RESULT_ERROR_INVALID_ENUMERATION);
  EXPECT_EQ(ZE(zeMemAllocShared)(context_, &on_device, &on_host_, 64, 64, device_, &data),
            ZE_RESULT_ERROR_INVALID_ENUMERATION);
  EXPECT_EQ(ZE(zeMemAllocShared)(context_, &on_device_, nullptr, 64, 64, device_, &data),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  on_device = on_device_;
  uint32_t memories = 0;
  ASSERT_ZE(ZE(zeDeviceGetMemoryProperties)(device_, &memories, nullptr));
  on_device.ordinal = memories;
  EXPECT_NE(ZE(zeMemAllocDevice)(context_, &on_device, 64, 64, device_, &data), ZE_RESULT_SUCCESS);
  EXPECT_EQ(data, nullptr);
}

TEST_F(Memory, SharedMemoryNeedsNoDevice) {
  void* data = nullptr;
  ASSERT_ZE(ZE(zeMemAllocShared)(context_, &on_device_, &on_host_, 64, 64, nullptr, &data));
  ze_memory_allocation_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_MEMORY_ALLOCATION_PROPERTIES;
  ze_device_handle_t device = device_;
  ASSERT_ZE(ZE(zeMemGetAllocProperties)(context_, data, &properties, &device));
  EXPECT_EQ(properties.type, ZE_MEMORY_TYPE_SHARED);
  EXPECT_EQ(device, nullptr);
  ASSERT_ZE(ZE(zeMemFree)(context_, data));
}

/// Frees memory that a command has yet to read.
class FreePolicy : public Memory {
 protected:
  void prepare() override {
    ze_command_queue_desc_t queue{};
    queue.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
    queue.mode = ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS;
    ASSERT_ZE(ZE(zeCommandListCreateImmediate)(context_, device_, &queue, &later_));
    ze_event_pool_desc_t events{};
    events.stype = ZE_STRUCTURE_TYPE_EVENT_POOL_DESC;
    events.flags = ZE_EVENT_POOL_FLAG_HOST_VISIBLE;
    events.count = 2;
    ASSERT_ZE(ZE(zeEventPoolCreate)(context_, &events, 1, &device_, &pool_));
    ze_event_desc_t event{};
    event.stype = ZE_STRUCTURE_TYPE_EVENT_DESC;
    ASSERT_ZE(ZE(zeEventCreate)(pool_, &event, &begin_));
    event.index = 1;
    ASSERT_ZE(ZE(zeEventCreate)(pool_, &event, &done_));
  }

  void TearDown() override {
    if (later_) EXPECT_ZE(ZE(zeCommandListDestroy)(later_));
    for (ze_event_handle_t event : {begin_, done_}) {
      if (event) EXPECT_ZE(ZE(zeEventDestroy)(event));
    }
    if (pool_) EXPECT_ZE(ZE(zeEventPoolDestroy)(pool_));
    Memory::TearDown();
  }

  /// A copy of the number 77 that begins when `begin_` is signalled.
  void* submit_copy(int* out) {
    void* data = nullptr;
    EXPECT_ZE(ZE(zeMemAllocHost)(context_, &on_host_, 1 << 20, 64, &data));
    *static_cast<int*>(data) = 77;
    EXPECT_ZE(ZE(zeCommandListAppendMemoryCopy)(later_, out, data, sizeof(int), done_, 1, &begin_));
    return data;
  }

  ze_result_t free_with(ze_driver_memory_free_policy_ext_flags_t policy, void* data) {
    const ze_memory_free_ext_desc_t desc{ZE_STRUCTURE_TYPE_MEMORY_FREE_EXT_DESC, nullptr, policy};
    return ZE(zeMemFreeExt)(context_, &desc, data);
  }

  ze_command_list_handle_t later_ = nullptr;
  ze_event_pool_handle_t pool_ = nullptr;
  ze_event_handle_t begin_ = nullptr, done_ = nullptr;
};

TEST_F(FreePolicy, DeferredMemoryLastsUntilTheCommandIsDone) {
  int out = 0;
  void* data = submit_copy(&out);
  ASSERT_ZE(free_with(ZE_DRIVER_MEMORY_FREE_POLICY_EXT_FLAG_DEFER_FREE, data));
  ASSERT_ZE(ZE(zeEventHostSignal)(begin_));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(done_, UINT64_MAX));
  EXPECT_EQ(out, 77);
}

TEST_F(FreePolicy, BlockingWaitsForTheCommand) {
  int out = 0;
  void* data = submit_copy(&out);
  std::thread signal([&] { EXPECT_ZE(ZE(zeEventHostSignal)(begin_)); });
  ASSERT_ZE(free_with(ZE_DRIVER_MEMORY_FREE_POLICY_EXT_FLAG_BLOCKING_FREE, data));
  EXPECT_EQ(out, 77);
  EXPECT_ZE(ZE(zeEventQueryStatus)(done_));
  signal.join();
}

TEST_F(FreePolicy, FreesAtOnceWhereNobodyUsesTheMemory) {
  for (ze_driver_memory_free_policy_ext_flags_t policy : {0, 1, 2}) {
    void* data = nullptr;
    ASSERT_ZE(ZE(zeMemAllocHost)(context_, &on_host_, 100, 64, &data));
    EXPECT_ZE(free_with(policy, data));
  }
}

TEST_F(FreePolicy, ChecksItsArguments) {
  void* data = nullptr;
  ASSERT_ZE(ZE(zeMemAllocHost)(context_, &on_host_, 100, 64, &data));
  EXPECT_EQ(free_with(4, data), ZE_RESULT_ERROR_INVALID_ENUMERATION);
  EXPECT_EQ(free_with(0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeMemFreeExt)(context_, nullptr, data), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  ASSERT_ZE(ZE(zeMemFree)(context_, data));
}

TEST_F(Memory, CopiesAndFills) {
  auto* source = shared<uint32_t>(1000);
  auto* target = shared<uint32_t>(1000);
  const uint32_t pattern[2] = {0xdeadbeef, 42};
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list_, source, pattern, sizeof(pattern), 4000, nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, target, source + 2, 3992, nullptr, 0, nullptr));
  for (size_t i = 0; i < 998; ++i) ASSERT_EQ(target[i], pattern[i % 2]) << i;
  EXPECT_EQ(target[998], 0u);
  const uint8_t byte = 7;
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list_, target, &byte, 1, 5, nullptr, 0, nullptr));
  EXPECT_EQ(target[0], 0x07070707u);
  EXPECT_EQ(target[1], 0x00000007u);
}

TEST_F(Memory, FillsAPatternThatDoesNotDivideTheSize) {
  auto* target = shared<uint8_t>(16, 9);
  const uint8_t pattern[4] = {1, 2, 3, 4};
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list_, target, pattern, 4, 10, nullptr, 0, nullptr));
  const uint8_t expected[16] = {1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 9, 9, 9, 9, 9, 9};
  EXPECT_EQ(std::memcmp(target, expected, 16), 0);
}

TEST_F(Memory, CopiesABoxBetweenPitches) {
  auto* source = shared<uint8_t>(8 * 6 * 4);
  auto* target = shared<uint8_t>(5 * 5 * 4, 255);
  for (int i = 0; i < 8 * 6 * 4; ++i) source[i] = static_cast<uint8_t>(i);
  const ze_copy_region_t from{2, 1, 1, 3, 2, 2}, to{1, 2, 0, 3, 2, 2};
  ASSERT_ZE(
      ZE(zeCommandListAppendMemoryCopyRegion)(list_, target, &to, 5, 25, source, &from, 8, 48, nullptr, 0, nullptr));
  for (int z = 0; z < 4; ++z) {
    for (int y = 0; y < 5; ++y) {
      for (int x = 0; x < 5; ++x) {
        const bool inside = z < 2 && y >= 2 && y < 4 && x >= 1 && x < 4;
        const int expected = inside ? (z + 1) * 48 + (y - 1) * 8 + x + 1 : 255;
        ASSERT_EQ(target[z * 25 + y * 5 + x], static_cast<uint8_t>(expected)) << x << " " << y << " " << z;
      }
    }
  }
}

TEST_F(Memory, RefusesBadCopies) {
  int data = 0;
  EXPECT_EQ(ZE(zeCommandListAppendMemoryCopy)(list_, nullptr, &data, 4, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(ZE(zeCommandListAppendMemoryFill)(list_, &data, &data, 3, 4, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_SIZE);
}

TEST_F(Memory, RefusesNullHandles) {
  int data = 0;
  EXPECT_EQ(ZE(zeCommandListAppendMemoryCopy)(list_, &data, &data, 4, nullptr, 1, nullptr),
            ZE_RESULT_ERROR_INVALID_SIZE);
}

}  // namespace
}  // namespace metate::test
