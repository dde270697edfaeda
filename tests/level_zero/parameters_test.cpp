// parameters_test – clones, launches with their arguments, host functions, and events without a pool: of Level Zero 1.9
// to 1.18.
#include "tests/level_zero/newer.h"

namespace metate::test {
namespace {

class Parameters : public Newer {
 protected:
  static constexpr uint32_t kSize = 64;

  void prepare() override {
    a_ = shared<float>(kSize, 1.0f);
    b_ = shared<float>(kSize, 2.0f);
    c_ = shared<float>(kSize, 0.0f);
  }

  float *a_ = nullptr, *b_ = nullptr, *c_ = nullptr;
};

TEST_F(Parameters, ALaunchBringsItsArguments) {
  FIND(launch, CommandListTable, pfnAppendLaunchKernelWithArguments, "zeCommandListAppendLaunchKernelWithArguments");
  ze_kernel_handle_t add = kernel(build("vector_add", 2), "vector_add");
  void* arguments[] = {&a_, &b_, &c_};
  ASSERT_ZE(launch(list_, add, {4, 1, 1}, {16, 1, 1}, arguments, nullptr, nullptr, 0, nullptr));
  for (uint32_t i = 0; i < kSize; ++i) ASSERT_EQ(c_[i], 3.0f) << i;
  EXPECT_EQ(launch(list_, add, {4, 1, 1}, {16, 1, 1}, nullptr, nullptr, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(launch(list_, add, {4, 1, 1}, {0, 1, 1}, arguments, nullptr, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_GROUP_SIZE_DIMENSION);
  EXPECT_EQ(launch(nullptr, add, {4, 1, 1}, {16, 1, 1}, arguments, nullptr, nullptr, 0, nullptr),
            ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
}

TEST_F(Parameters, ALaunchTakesAChain) {
  FIND(launch, CommandListTable, pfnAppendLaunchKernelWithParameters, "zeCommandListAppendLaunchKernelWithParameters");
  ze_kernel_handle_t add = kernel(build("vector_add", 2), "vector_add");
  set_arguments(add, a_, b_, c_);
  ASSERT_ZE(ZE(zeKernelSetGroupSize)(add, 64, 1, 1));
  const ze_group_count_t one{1, 1, 1};
  newer::ze_command_list_append_launch_kernel_param_cooperative_desc_t together{newer::kCooperativeDesc, nullptr, 1};
  ASSERT_ZE(launch(list_, add, &one, &together, nullptr, 0, nullptr));
  EXPECT_EQ(c_[kSize - 1], 3.0f);
  c_[0] = 0;
  ASSERT_ZE(launch(list_, add, &one, nullptr, nullptr, 0, nullptr));
  EXPECT_EQ(c_[0], 3.0f);
  together.stype = ZE_STRUCTURE_TYPE_IMAGE_DESC;
  EXPECT_EQ(launch(list_, add, &one, &together, nullptr, 0, nullptr), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
}

TEST_F(Parameters, CopiesAndFillsDoAsWithoutAny) {
  FIND(copy, CommandListTable, pfnAppendMemoryCopyWithParameters, "zeCommandListAppendMemoryCopyWithParameters");
  FIND(fill, CommandListTable, pfnAppendMemoryFillWithParameters, "zeCommandListAppendMemoryFillWithParameters");
  ASSERT_ZE(copy(list_, c_, b_, kSize * sizeof(float), nullptr, nullptr, 0, nullptr));
  EXPECT_EQ(c_[kSize - 1], 2.0f);
  const float seven = 7;
  ASSERT_ZE(fill(list_, c_, &seven, sizeof(seven), kSize * sizeof(float), nullptr, nullptr, 0, nullptr));
  EXPECT_EQ(c_[kSize - 1], 7.0f);
  const ze_base_desc_t unknown{ZE_STRUCTURE_TYPE_IMAGE_DESC, nullptr};
  EXPECT_EQ(copy(list_, c_, b_, 4, &unknown, nullptr, 0, nullptr), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
}

TEST_F(Parameters, TheHostHasItsTurn) {
  FIND(call, CommandListTable, pfnAppendHostFunction, "zeCommandListAppendHostFunction");
  ze_command_list_handle_t list = regular_list();
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list, c_, b_, sizeof(float), nullptr, 0, nullptr));
  ASSERT_ZE(call(list, [](void* data) { *static_cast<float*>(data) *= 10; }, c_, nullptr, nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list, c_ + 1, c_, sizeof(float), nullptr, 0, nullptr));
  execute(list);
  EXPECT_EQ(c_[1], 20.0f);
  EXPECT_EQ(call(list_, nullptr, c_, nullptr, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Parameters, AListIsCloned) {
  FIND(clone, CommandListExpTable, pfnCreateCloneExp, "zeCommandListCreateCloneExp");
  const ze_command_list_desc_t desc{ZE_STRUCTURE_TYPE_COMMAND_LIST_DESC, nullptr, 0, newer::kCloneable};
  ze_command_list_handle_t original = nullptr, copy = nullptr;
  ASSERT_ZE(ZE(zeCommandListCreate)(context_, device_, &desc, &original));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(original, c_, b_, sizeof(float), nullptr, 0, nullptr));
  EXPECT_NE(clone(original, &copy), ZE_RESULT_SUCCESS);  // it is not closed
  ASSERT_ZE(ZE(zeCommandListClose)(original));
  ASSERT_ZE(clone(original, &copy));
  ASSERT_ZE(ZE(zeCommandListDestroy)(original));
  ze_command_queue_desc_t queue{};
  queue.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  ASSERT_ZE(ZE(zeCommandQueueCreate)(context_, device_, &queue, &queue_));
  ASSERT_ZE(ZE(zeCommandQueueExecuteCommandLists)(queue_, 1, &copy, nullptr));
  ASSERT_ZE(ZE(zeCommandQueueSynchronize)(queue_, UINT64_MAX));
  EXPECT_EQ(c_[0], 2.0f);
  EXPECT_ZE(ZE(zeCommandListDestroy)(copy));
  EXPECT_NE(clone(list_, &copy), ZE_RESULT_SUCCESS);  // an immediate list
  ze_command_list_handle_t plain = regular_list();
  ASSERT_ZE(ZE(zeCommandListClose)(plain));
  EXPECT_NE(clone(plain, &copy), ZE_RESULT_SUCCESS);  // it was not made for that
  EXPECT_EQ(clone(plain, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Parameters, EventsNeedNoPool) {
  FIND(create, EventTable, pfnCounterBasedCreate, "zeEventCounterBasedCreate");
  FIND(get_flags, EventTable, pfnGetCounterBasedFlags, "zeEventGetCounterBasedFlags");
  newer::ze_event_counter_based_desc_t desc{};
  desc.flags = newer::kCounterNonImmediate | newer::kCounterImmediate | newer::kCounterHostVisible;
  desc.signal = ZE_EVENT_SCOPE_FLAG_HOST;
  ze_event_handle_t event = nullptr, gate = events(1)[0], none = nullptr;
  ASSERT_ZE(create(context_, device_, &desc, &event));
  EXPECT_ZE(ZE(zeEventQueryStatus)(event));  // nothing was submitted yet
  uint32_t flags = 0;
  ASSERT_ZE(get_flags(event, &flags));
  EXPECT_TRUE(flags & newer::kCounterImmediate);
  ASSERT_ZE(get_flags(gate, &flags));
  EXPECT_EQ(flags, 0u);
  ze_command_list_handle_t later = asynchronous_list();
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(later, c_, b_, sizeof(float), event, 1, &gate));
  EXPECT_EQ(ZE(zeEventQueryStatus)(event), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeEventHostSignal)(gate));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(event, UINT64_MAX));
  EXPECT_EQ(c_[0], 2.0f);
  EXPECT_NE(ZE(zeEventHostReset)(event), ZE_RESULT_SUCCESS);
  EXPECT_ZE(ZE(zeEventDestroy)(event));
  desc.flags = newer::kCounterDeviceTimestamp | newer::kCounterHostTimestamp;
  EXPECT_EQ(create(context_, device_, &desc, &none), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(create(context_, device_, nullptr, &none), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Parameters, EventsAreSignalledAndAwaitedWithParameters) {
  FIND(signal, CommandListTable, pfnAppendSignalEventWithParameters, "zeCommandListAppendSignalEventWithParameters");
  FIND(wait, CommandListTable, pfnAppendWaitOnEventsWithParameters, "zeCommandListAppendWaitOnEventsWithParameters");
  std::vector<ze_event_handle_t> all = events(1);
  ASSERT_ZE(signal(list_, nullptr, all[0]));
  EXPECT_ZE(ZE(zeEventQueryStatus)(all[0]));
  ASSERT_ZE(wait(list_, nullptr, 1, all.data()));
  const ze_base_desc_t unknown{ZE_STRUCTURE_TYPE_IMAGE_DESC, nullptr};
  EXPECT_EQ(signal(list_, &unknown, all[0]), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
}

TEST_F(Parameters, TimestampsAreReadInTheHostsTimeToo) {
  FIND(query, EventTable, pfnQueryKernelTimestampsExt, "zeEventQueryKernelTimestampsExt");
  ze_event_handle_t event =
      events(1, nullptr, ZE_EVENT_POOL_FLAG_HOST_VISIBLE | ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP)[0];
  uint32_t count = 0;
  uint64_t before = 0, after = 0, on_device = 0;
  ASSERT_ZE(ZE(zeDeviceGetGlobalTimestamps)(device_, &before, &on_device));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, c_, b_, sizeof(float), event, 0, nullptr));
  ASSERT_ZE(ZE(zeDeviceGetGlobalTimestamps)(device_, &after, &on_device));
  ASSERT_ZE(query(event, device_, &count, nullptr));
  ASSERT_EQ(count, 1u);
  ze_kernel_timestamp_result_t device{};
  newer::ze_synchronized_timestamp_result_ext_t host{};
  newer::ze_event_query_kernel_timestamps_results_ext_properties_t results{newer::kTimestampsResults, nullptr, &device,
                                                                           &host};
  ASSERT_ZE(query(event, device_, &count, &results));
  EXPECT_LE(device.global.kernelStart, device.global.kernelEnd);
  EXPECT_LE(before, host.global.kernelStart);
  EXPECT_LE(host.global.kernelStart, host.global.kernelEnd);
  EXPECT_LE(host.global.kernelEnd, after);
}

/// A count of 0 is a question, even with an array: that may have no place at all.
TEST_F(Parameters, ACountOfNoneWritesNothing) {
  FIND(query, EventTable, pfnQueryKernelTimestampsExt, "zeEventQueryKernelTimestampsExt");
  ze_event_handle_t event =
      events(1, nullptr, ZE_EVENT_POOL_FLAG_HOST_VISIBLE | ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP)[0];
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, c_, b_, sizeof(float), event, 0, nullptr));
  uint32_t count = 0;
  ze_kernel_timestamp_result_t device{};
  newer::ze_event_query_kernel_timestamps_results_ext_properties_t results{newer::kTimestampsResults, nullptr, &device,
                                                                           nullptr};
  ASSERT_ZE(query(event, device_, &count, &results));
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(device.global.kernelEnd, 0u);
}

TEST_F(Parameters, ADeviceIsWaitedFor) {
  FIND(synchronize, DeviceTable, pfnSynchronize, "zeDeviceSynchronize");
  ze_command_list_handle_t first = asynchronous_list(), second = asynchronous_list();
  for (int i = 0; i < 100; ++i) {
    ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(first, c_ + i % 32, b_, sizeof(float), nullptr, 0, nullptr));
    ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(second, c_ + 32 + i % 32, b_, sizeof(float), nullptr, 0, nullptr));
  }
  ASSERT_ZE(synchronize(device_));
  for (uint32_t i = 0; i < kSize; ++i) ASSERT_EQ(c_[i], 2.0f) << i;
  EXPECT_EQ(synchronize(nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
}

}  // namespace
}  // namespace metate::test
