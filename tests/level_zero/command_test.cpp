// command_test – regular command lists, queues in both modes, fences.
#include <chrono>
#include <thread>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

class Commands : public DeviceTest {
 protected:
  ze_command_queue_handle_t make_queue(ze_command_queue_mode_t mode) {
    ze_command_queue_desc_t desc{};
    desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
    desc.mode = mode;
    ze_command_queue_handle_t queue = nullptr;
    EXPECT_ZE(ZE(zeCommandQueueCreate)(context_, device_, &desc, &queue));
    return queue;
  }

  ze_command_list_handle_t make_list() {
    ze_command_list_desc_t desc{};
    desc.stype = ZE_STRUCTURE_TYPE_COMMAND_LIST_DESC;
    ze_command_list_handle_t list = nullptr;
    EXPECT_ZE(ZE(zeCommandListCreate)(context_, device_, &desc, &list));
    return list;
  }

  /// A closed list that doubles `data` along a chain of copies: data[k + 1] = data[k].
  ze_command_list_handle_t chain(uint32_t* data, uint32_t length) {
    ze_command_list_handle_t list = make_list();
    for (uint32_t i = 0; i < length; ++i) {
      EXPECT_ZE(ZE(zeCommandListAppendMemoryCopy)(list, data + i + 1, data + i, 4, nullptr, 0, nullptr));
      EXPECT_ZE(ZE(zeCommandListAppendBarrier)(list, nullptr, 0, nullptr));
    }
    EXPECT_ZE(ZE(zeCommandListClose)(list));
    return list;
  }
};

class CommandModes : public Commands, public ::testing::WithParamInterface<ze_command_queue_mode_t> {};

TEST_P(CommandModes, RunListsInOrderAndAgain) {
  ze_command_queue_handle_t queue = make_queue(GetParam());
  auto* data = shared<uint32_t>(101);
  ze_command_list_handle_t lists[2] = {chain(data, 50), chain(data + 50, 50)};
  for (uint32_t value = 1; value < 20; ++value) {
    data[0] = value;
    ASSERT_ZE(ZE(zeCommandQueueExecuteCommandLists)(queue, 2, lists, nullptr));
    ASSERT_ZE(ZE(zeCommandQueueSynchronize)(queue, UINT64_MAX));
    ASSERT_EQ(data[100], value);
  }
  for (ze_command_list_handle_t list : lists) EXPECT_ZE(ZE(zeCommandListDestroy)(list));
  EXPECT_ZE(ZE(zeCommandQueueDestroy)(queue));
}

TEST_P(CommandModes, SignalAFenceBehindTheLists) {
  ze_command_queue_handle_t queue = make_queue(GetParam());
  const ze_fence_desc_t desc{ZE_STRUCTURE_TYPE_FENCE_DESC, nullptr, 0};
  ze_fence_handle_t fence = nullptr;
  ASSERT_ZE(ZE(zeFenceCreate)(queue, &desc, &fence));
  EXPECT_EQ(ZE(zeFenceQueryStatus)(fence), ZE_RESULT_NOT_READY);
  EXPECT_EQ(ZE(zeFenceHostSynchronize)(fence, 1000), ZE_RESULT_NOT_READY);
  auto* data = shared<uint32_t>(11);
  ze_command_list_handle_t list = chain(data, 10);
  for (uint32_t value = 1; value < 4; ++value) {
    data[0] = value;
    ASSERT_ZE(ZE(zeCommandQueueExecuteCommandLists)(queue, 1, &list, fence));
    ASSERT_ZE(ZE(zeFenceHostSynchronize)(fence, UINT64_MAX));
    EXPECT_EQ(data[10], value);
    EXPECT_ZE(ZE(zeFenceQueryStatus)(fence));
    ASSERT_ZE(ZE(zeFenceReset)(fence));
    EXPECT_EQ(ZE(zeFenceQueryStatus)(fence), ZE_RESULT_NOT_READY);
  }
  ASSERT_ZE(ZE(zeCommandQueueSynchronize)(queue, UINT64_MAX));
  EXPECT_ZE(ZE(zeFenceDestroy)(fence));
  EXPECT_ZE(ZE(zeCommandListDestroy)(list));
  EXPECT_ZE(ZE(zeCommandQueueDestroy)(queue));
}

INSTANTIATE_TEST_SUITE_P(Queue, CommandModes,
                         ::testing::Values(ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS, ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS));

TEST_F(Commands, AListCanBeResetAndRecordedAnew) {
  ze_command_queue_handle_t queue = make_queue(ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS);
  auto* data = shared<uint32_t>(2);
  ze_command_list_handle_t list = make_list();
  for (uint32_t value : {5u, 6u}) {
    ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list, data, &value, 4, 8, nullptr, 0, nullptr));
    ASSERT_ZE(ZE(zeCommandListClose)(list));
    ASSERT_ZE(ZE(zeCommandQueueExecuteCommandLists)(queue, 1, &list, nullptr));
    EXPECT_EQ(data[1], value);
    ASSERT_ZE(ZE(zeCommandListReset)(list));
  }
  EXPECT_ZE(ZE(zeCommandListDestroy)(list));
  EXPECT_ZE(ZE(zeCommandQueueDestroy)(queue));
}

TEST_F(Commands, AnAsynchronousListReturnsBeforeItsWorkIsDone) {
  ze_command_queue_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  desc.mode = ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS;
  ze_command_list_handle_t list = nullptr;
  ASSERT_ZE(ZE(zeCommandListCreateImmediate)(context_, device_, &desc, &list));
  ze_event_pool_desc_t pool_desc{ZE_STRUCTURE_TYPE_EVENT_POOL_DESC, nullptr, ZE_EVENT_POOL_FLAG_HOST_VISIBLE, 2};
  ze_event_pool_handle_t pool = nullptr;
  ASSERT_ZE(ZE(zeEventPoolCreate)(context_, &pool_desc, 1, &device_, &pool));
  ze_event_handle_t events[2] = {};
  for (uint32_t i = 0; i < 2; ++i) {
    const ze_event_desc_t event{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, i, ZE_EVENT_SCOPE_FLAG_HOST,
                                ZE_EVENT_SCOPE_FLAG_HOST};
    ASSERT_ZE(ZE(zeEventCreate)(pool, &event, &events[i]));
  }
  auto* data = shared<uint32_t>(1);
  const uint32_t value = 77;
  // The fill waits for a signal that the host gives only afterwards.
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list, data, &value, 4, 4, events[1], 1, &events[0]));
  EXPECT_EQ(ZE(zeEventQueryStatus)(events[1]), ZE_RESULT_NOT_READY);
  EXPECT_EQ(data[0], 0u);
  ASSERT_ZE(ZE(zeEventHostSignal)(events[0]));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(events[1], UINT64_MAX));
  EXPECT_EQ(data[0], 77u);
  EXPECT_ZE(ZE(zeCommandListDestroy)(list));
  for (ze_event_handle_t event : events) EXPECT_ZE(ZE(zeEventDestroy)(event));
  EXPECT_ZE(ZE(zeEventPoolDestroy)(pool));
}

TEST_F(Commands, QueuesWorkOnlyWithClosedRegularLists) {
  ze_command_queue_handle_t queue = make_queue(ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS);
  ze_command_list_handle_t open = make_list();
  EXPECT_EQ(ZE(zeCommandQueueExecuteCommandLists)(queue, 0, &open, nullptr), ZE_RESULT_ERROR_INVALID_SIZE);
  EXPECT_EQ(ZE(zeCommandQueueExecuteCommandLists)(queue, 1, nullptr, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_NE(ZE(zeCommandQueueExecuteCommandLists)(queue, 1, &list_, nullptr), ZE_RESULT_SUCCESS);
  EXPECT_ZE(ZE(zeCommandListDestroy)(open));
  EXPECT_ZE(ZE(zeCommandQueueDestroy)(queue));
}

}  // namespace
}  // namespace metate::test
