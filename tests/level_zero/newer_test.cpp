// newer_test – mutable command lists, lists on immediate lists, and events that count: of Level Zero 1.9 and 1.10.
//
// Loaders of 1.4 do not know these functions: programs ask the driver for them by name.
#include "tests/level_zero/newer.h"

namespace metate::test {
namespace {

/// A list with one launch of vector_add, c = a + b, that may be changed.
class MutableList : public Newer {
 protected:
  static constexpr uint32_t kSize = 64;

  void prepare() override {
    get_next_ = function<decltype(zeCommandListGetNextCommandIdExp)>("zeCommandListGetNextCommandIdExp");
    update_ = function<decltype(zeCommandListUpdateMutableCommandsExp)>("zeCommandListUpdateMutableCommandsExp");
    a_ = shared<float>(kSize, 1.0f);
    b_ = shared<float>(kSize, 2.0f);
    c_ = shared<float>(kSize, 0.0f);
    module_ = build("vector_add", 2);
    kernel_ = kernel(module_, "vector_add");
    set_arguments(kernel_, a_, b_, c_);
    ASSERT_ZE(ZE(zeKernelSetGroupSize)(kernel_, 16, 1, 1));
    list_ = regular_list(&mutable_desc_);
  }

  void append() { ASSERT_ZE(ZE(zeCommandListAppendLaunchKernel)(list_, kernel_, &groups_, signal_, 0, nullptr)); }

  void mark_and_append(ze_mutable_command_exp_flags_t flags = 0) {
    const ze_mutable_command_id_exp_desc_t desc{ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_ID_EXP_DESC, nullptr, flags};
    ASSERT_ZE(get_next_(list_, &desc, &command_));
    append();
  }

  ze_result_t change(const void* chain) {
    const ze_mutable_commands_exp_desc_t desc{ZE_STRUCTURE_TYPE_MUTABLE_COMMANDS_EXP_DESC, chain, 0};
    return update_(list_, &desc);
  }

  ze_mutable_kernel_argument_exp_desc_t argument(uint32_t index, const void* value, const void* next = nullptr) {
    return {ZE_STRUCTURE_TYPE_MUTABLE_KERNEL_ARGUMENT_EXP_DESC, next, command_, index, sizeof(void*), value};
  }

  const ze_mutable_command_list_exp_desc_t mutable_desc_{ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_LIST_EXP_DESC, nullptr, 0};
  const ze_group_count_t groups_{4, 1, 1};
  decltype(&zeCommandListGetNextCommandIdExp) get_next_ = nullptr;
  decltype(&zeCommandListUpdateMutableCommandsExp) update_ = nullptr;
  ze_command_list_handle_t list_ = nullptr;
  ze_module_handle_t module_ = nullptr;
  ze_kernel_handle_t kernel_ = nullptr;
  ze_event_handle_t signal_ = nullptr;
  uint64_t command_ = 0;
  float *a_ = nullptr, *b_ = nullptr, *c_ = nullptr;
};

TEST_F(MutableList, ArgumentsAndGroupCountChange) {
  mark_and_append();
  execute(list_);
  for (uint32_t i = 0; i < kSize; ++i) ASSERT_EQ(c_[i], 3.0f);
  auto* other = shared<float>(kSize, 10.0f);
  auto* result = shared<float>(kSize, -1.0f);
  const ze_group_count_t half{2, 1, 1};
  const ze_mutable_group_count_exp_desc_t count{ZE_STRUCTURE_TYPE_MUTABLE_GROUP_COUNT_EXP_DESC, nullptr, command_,
                                                &half};
  const auto second = argument(1, &other, &count);
  const auto third = argument(2, &result, &second);
  ASSERT_ZE(change(&third));
  execute(list_);
  for (uint32_t i = 0; i < kSize; ++i) ASSERT_EQ(result[i], i < 32 ? 11.0f : -1.0f) << i;
  EXPECT_EQ(c_[0], 3.0f);
}

TEST_F(MutableList, GroupSizeAndOffsetChange) {
  mark_and_append();
  ASSERT_ZE(ZE(zeCommandListClose)(list_));
  const ze_mutable_group_size_exp_desc_t size{
      ZE_STRUCTURE_TYPE_MUTABLE_GROUP_SIZE_EXP_DESC, nullptr, command_, 8, 1, 1};
  const ze_mutable_global_offset_exp_desc_t offset{
      ZE_STRUCTURE_TYPE_MUTABLE_GLOBAL_OFFSET_EXP_DESC, &size, command_, 5, 0, 0};
  ASSERT_ZE(change(&offset));
  execute(list_);
  for (uint32_t i = 0; i < kSize; ++i) ASSERT_EQ(c_[i], i >= 5 && i < 37 ? 3.0f : 0.0f) << i;
}

TEST_F(MutableList, OtherCommandsStayAsTheyAre) {
  append();
  auto* result = shared<float>(kSize);
  set_argument(kernel_, 2, sizeof(result), &result);
  mark_and_append();
  ASSERT_ZE(ZE(zeCommandListClose)(list_));
  auto* elsewhere = shared<float>(kSize);
  const auto third = argument(2, &elsewhere);
  ASSERT_ZE(change(&third));
  execute(list_);
  EXPECT_EQ(c_[0], 3.0f);
  EXPECT_EQ(result[0], 0.0f);
  EXPECT_EQ(elsewhere[0], 3.0f);
}

TEST_F(MutableList, EventsChange) {
  const std::vector<ze_event_handle_t> all = events(2);
  signal_ = all[0];
  mark_and_append();
  ASSERT_ZE(ZE(zeCommandListClose)(list_));
  auto* set_signal = function<decltype(zeCommandListUpdateMutableCommandSignalEventExp)>(
      "zeCommandListUpdateMutableCommandSignalEventExp");
  ASSERT_ZE(set_signal(list_, command_, all[1]));
  execute(list_);
  EXPECT_EQ(ZE(zeEventQueryStatus)(all[0]), ZE_RESULT_NOT_READY);
  EXPECT_ZE(ZE(zeEventQueryStatus)(all[1]));
  auto* set_waits = function<decltype(zeCommandListUpdateMutableCommandWaitEventsExp)>(
      "zeCommandListUpdateMutableCommandWaitEventsExp");
  ze_event_handle_t awaited[] = {all[1]};
  EXPECT_NE(set_waits(list_, command_, 1, awaited), ZE_RESULT_SUCCESS);  // it was appended without any
  EXPECT_ZE(set_waits(list_, command_, 0, nullptr));
  EXPECT_NE(set_signal(list_, command_ + 100, all[1]), ZE_RESULT_SUCCESS);
}

TEST_F(MutableList, KernelsChange) {
  ze_kernel_handle_t guarded = kernel(module_, "guarded_add");
  ze_kernel_handle_t kernels[] = {kernel_, guarded};
  auto* with_kernels =
      function<decltype(zeCommandListGetNextCommandIdWithKernelsExp)>("zeCommandListGetNextCommandIdWithKernelsExp");
  auto* set_kernels =
      function<decltype(zeCommandListUpdateMutableCommandKernelsExp)>("zeCommandListUpdateMutableCommandKernelsExp");
  const ze_mutable_command_id_exp_desc_t desc{
      ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_ID_EXP_DESC, nullptr,
      ZE_MUTABLE_COMMAND_EXP_FLAG_KERNEL_INSTRUCTION | ZE_MUTABLE_COMMAND_EXP_FLAG_KERNEL_ARGUMENTS};
  ASSERT_ZE(with_kernels(list_, &desc, 2, kernels, &command_));
  append();
  execute(list_);
  EXPECT_EQ(c_[kSize - 1], 3.0f);
  auto* result = shared<float>(kSize);
  set_arguments(guarded, a_, b_, result, 10);
  ASSERT_ZE(ZE(zeKernelSetGroupSize)(guarded, 16, 1, 1));
  ASSERT_ZE(set_kernels(list_, 1, &command_, &guarded));
  execute(list_);
  for (uint32_t i = 0; i < kSize; ++i) ASSERT_EQ(result[i], i < 10 ? 3.0f : 0.0f) << i;
  ze_kernel_handle_t stranger = kernel(module_, "nothing");
  EXPECT_NE(set_kernels(list_, 1, &command_, &stranger), ZE_RESULT_SUCCESS);
}

TEST_F(MutableList, ChangesOnlyWhatWasAskedFor) {
  mark_and_append(ZE_MUTABLE_COMMAND_EXP_FLAG_GROUP_COUNT);
  const auto third = argument(2, &c_);
  EXPECT_NE(change(&third), ZE_RESULT_SUCCESS);  // the list is not closed
  ASSERT_ZE(ZE(zeCommandListClose)(list_));
  EXPECT_NE(change(&third), ZE_RESULT_SUCCESS);
  ze_mutable_group_count_exp_desc_t count{ZE_STRUCTURE_TYPE_MUTABLE_GROUP_COUNT_EXP_DESC, nullptr, command_, nullptr};
  EXPECT_NE(change(&count), ZE_RESULT_SUCCESS);
  count.pGroupCount = &groups_;
  count.commandId = 0;
  EXPECT_NE(change(&count), ZE_RESULT_SUCCESS);
  count.commandId = command_;
  ASSERT_ZE(change(&count));
  EXPECT_NE(ZE(zeCommandListAppendBarrier)(list_, nullptr, 0, nullptr), ZE_RESULT_SUCCESS);
  execute(list_);
  EXPECT_EQ(c_[0], 3.0f);
}

TEST_F(MutableList, ChecksItsArguments) {
  const ze_mutable_command_id_exp_desc_t desc{ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_ID_EXP_DESC, nullptr, 0};
  EXPECT_EQ(get_next_(list_, nullptr, &command_), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(get_next_(list_, &desc, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(get_next_(nullptr, &desc, &command_), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(update_(list_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_NE(get_next_(regular_list(), &desc, &command_), ZE_RESULT_SUCCESS);  // a list that does not change
}

TEST_F(MutableList, SaysThatItIs) {
  FIND(is_mutable, CommandListExpTable, pfnIsMutableExp, "zeCommandListIsMutableExp");
  ze_bool_t answer = 9;
  ASSERT_ZE(is_mutable(list_, &answer));
  EXPECT_EQ(answer, 1);
  for (ze_command_list_handle_t other : {regular_list(), asynchronous_list()}) {
    answer = 9;
    ASSERT_ZE(is_mutable(other, &answer));
    EXPECT_EQ(answer, 0);
  }
  EXPECT_EQ(is_mutable(nullptr, &answer), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(is_mutable(list_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

class ListsOnLists : public Newer {
 protected:
  void prepare() override {
    append_ =
        function<decltype(zeCommandListImmediateAppendCommandListsExp)>("zeCommandListImmediateAppendCommandListsExp");
  }

  /// A closed list that copies one number.
  ze_command_list_handle_t copy(int* to, const int* from) {
    ze_command_list_handle_t made = regular_list();
    EXPECT_ZE(ZE(zeCommandListAppendMemoryCopy)(made, to, from, sizeof(int), nullptr, 0, nullptr));
    EXPECT_ZE(ZE(zeCommandListClose)(made));
    return made;
  }

  decltype(&zeCommandListImmediateAppendCommandListsExp) append_ = nullptr;
};

TEST_F(ListsOnLists, RunInOrderBetweenTheirEvents) {
  auto* values = shared<int>(std::vector<int>{1, 0, 0});
  ze_command_list_handle_t lists[] = {copy(values + 1, values), copy(values + 2, values + 1)};
  std::vector<ze_event_handle_t> all = events(2);
  ze_command_list_handle_t later = asynchronous_list();
  ASSERT_ZE(append_(later, 2, lists, all[1], 1, &all[0]));
  EXPECT_EQ(ZE(zeEventQueryStatus)(all[1]), ZE_RESULT_NOT_READY);
  values[0] = 5;
  ASSERT_ZE(ZE(zeEventHostSignal)(all[0]));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(all[1], UINT64_MAX));
  EXPECT_EQ(values[2], 5);
}

TEST_F(ListsOnLists, TakeAChainThatMayBeEmpty) {
  FIND(append, CommandListTable, pfnImmediateAppendCommandListsWithParameters,
       "zeCommandListImmediateAppendCommandListsWithParameters");
  auto* values = shared<int>(std::vector<int>{1, 0, 0});
  ze_command_list_handle_t lists[] = {copy(values + 1, values), copy(values + 2, values + 1)};
  std::vector<ze_event_handle_t> all = events(2);
  ASSERT_ZE(append(asynchronous_list(), 2, lists, nullptr, all[1], 1, &all[0]));
  EXPECT_EQ(ZE(zeEventQueryStatus)(all[1]), ZE_RESULT_NOT_READY);
  values[0] = 6;
  ASSERT_ZE(ZE(zeEventHostSignal)(all[0]));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(all[1], UINT64_MAX));
  EXPECT_EQ(values[2], 6);

  const ze_base_desc_t unknown{ZE_STRUCTURE_TYPE_IMAGE_DESC, nullptr};
  ze_command_list_handle_t open = regular_list(), none = nullptr;
  values[0] = 7;
  EXPECT_EQ(append(list_, 1, lists, &unknown, nullptr, 0, nullptr), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
  EXPECT_EQ(values[1], 6);
  EXPECT_EQ(append(nullptr, 1, lists, nullptr, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(append(list_, 1, nullptr, nullptr, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(append(list_, 1, &none, nullptr, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(append(list_, 0, lists, nullptr, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_SIZE);
  EXPECT_EQ(append(list_, 1, lists, nullptr, nullptr, 1, nullptr), ZE_RESULT_ERROR_INVALID_SIZE);
  EXPECT_NE(append(list_, 1, &open, nullptr, nullptr, 0, nullptr), ZE_RESULT_SUCCESS);
  EXPECT_NE(append(open, 1, lists, nullptr, nullptr, 0, nullptr), ZE_RESULT_SUCCESS);
}

TEST_F(ListsOnLists, RunAtOnceOnABlockingList) {
  auto* values = shared<int>(std::vector<int>{7, 0});
  ze_command_list_handle_t lists[] = {copy(values + 1, values)};
  for (int round = 0; round < 3; ++round) {
    values[0] = round;
    ASSERT_ZE(append_(list_, 1, lists, nullptr, 0, nullptr));
    ASSERT_EQ(values[1], round);
  }
}

TEST_F(ListsOnLists, ChecksItsArguments) {
  ze_command_list_handle_t open = regular_list(), immediate = asynchronous_list(), none = nullptr;
  EXPECT_EQ(append_(list_, 1, nullptr, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(append_(nullptr, 1, &open, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(append_(list_, 1, &none, nullptr, 0, nullptr), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_NE(append_(list_, 1, &open, nullptr, 0, nullptr), ZE_RESULT_SUCCESS);
  EXPECT_NE(append_(list_, 1, &immediate, nullptr, 0, nullptr), ZE_RESULT_SUCCESS);
  EXPECT_NE(append_(open, 1, &open, nullptr, 0, nullptr), ZE_RESULT_SUCCESS);
}

TEST_F(Newer, AnImmediateListIsWaitedFor) {
  FIND(synchronize, CommandListTable, pfnHostSynchronize, "zeCommandListHostSynchronize");
  auto* values = shared<int>(std::vector<int>{3, 0});
  ze_command_list_handle_t later = asynchronous_list();
  std::vector<ze_event_handle_t> all = events(1);
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(later, values + 1, values, sizeof(int), nullptr, 1, &all[0]));
  EXPECT_EQ(synchronize(later, 0), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeEventHostSignal)(all[0]));
  ASSERT_ZE(synchronize(later, UINT64_MAX));
  EXPECT_EQ(values[1], 3);
  EXPECT_NE(synchronize(regular_list(), UINT64_MAX), ZE_RESULT_SUCCESS);
}

class CountingEvents : public Newer {
 protected:
  void prepare() override {
    counting_ = events(2, &desc_);
    gate_ = events(1)[0];
    values_ = shared<int>(std::vector<int>{1, 2, 0, 0});
  }

  const ze_event_pool_counter_based_exp_desc_t desc_{
      ZE_STRUCTURE_TYPE_COUNTER_BASED_EVENT_POOL_EXP_DESC, nullptr,
      ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_IMMEDIATE | ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_NON_IMMEDIATE};
  std::vector<ze_event_handle_t> counting_;
  ze_event_handle_t gate_ = nullptr;
  int* values_ = nullptr;
};

TEST_F(CountingEvents, AreUsedAgainWithoutReset) {
  ze_command_list_handle_t later = asynchronous_list();
  for (int round = 0; round < 100; ++round) {
    values_[0] = round;
    ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(later, values_ + 1, values_, 4, counting_[0], 0, nullptr));
    ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(later, values_ + 2, values_ + 1, 4, counting_[1], 1, &counting_[0]));
    ASSERT_ZE(ZE(zeEventHostSynchronize)(counting_[1], UINT64_MAX));
    ASSERT_EQ(values_[2], round);
  }
}

// The second command waits for the first one alone, though the third, behind it, signals the same event.
TEST_F(CountingEvents, AWaitIsForWhatCameBefore) {
  ze_command_list_handle_t later = asynchronous_list(), other = asynchronous_list();
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(later, values_ + 2, values_, 4, counting_[0], 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(later, values_, values_ + 1, 4, nullptr, 1, &counting_[0]));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(other, values_ + 3, values_ + 2, 4, counting_[1], 1, &counting_[0]));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(later, values_ + 2, values_, 4, counting_[0], 1, &gate_));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(counting_[1], UINT64_MAX));
  EXPECT_EQ(values_[3], 1);
  EXPECT_EQ(ZE(zeEventQueryStatus)(counting_[0]), ZE_RESULT_NOT_READY);  // of the last command
  ASSERT_ZE(ZE(zeEventHostSignal)(gate_));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(counting_[0], UINT64_MAX));
}

TEST_F(CountingEvents, WorkInListsThatRunAgain) {
  ze_command_list_handle_t list = regular_list();
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list, values_ + 1, values_, 4, counting_[0], 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list, values_ + 2, values_ + 1, 4, counting_[1], 1, &counting_[0]));
  for (int round = 0; round < 5; ++round) {
    values_[0] = round;
    execute(list);
    ASSERT_ZE(ZE(zeEventQueryStatus)(counting_[1]));
    ASSERT_EQ(values_[2], round);
  }
}

TEST_F(CountingEvents, AreNeitherResetNorSignalledByTheHost) {
  EXPECT_NE(ZE(zeEventHostSignal)(counting_[0]), ZE_RESULT_SUCCESS);
  EXPECT_NE(ZE(zeEventHostReset)(counting_[0]), ZE_RESULT_SUCCESS);
  EXPECT_NE(ZE(zeCommandListAppendEventReset)(list_, counting_[0]), ZE_RESULT_SUCCESS);
  ze_event_pool_counter_based_exp_desc_t wrong = desc_;
  wrong.flags = 8;
  const ze_event_pool_desc_t pool{ZE_STRUCTURE_TYPE_EVENT_POOL_DESC, &wrong, ZE_EVENT_POOL_FLAG_HOST_VISIBLE, 1};
  ze_event_pool_handle_t made = nullptr;
  EXPECT_EQ(ZE(zeEventPoolCreate)(context_, &pool, 1, &device_, &made), ZE_RESULT_ERROR_INVALID_ENUMERATION);
}

}  // namespace
}  // namespace metate::test
