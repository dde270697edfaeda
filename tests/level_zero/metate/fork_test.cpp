// fork_test – a child of fork loses what was under way on its devices, and goes on. Other drivers need not allow it.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "tests/level_zero/newer.h"

namespace metate::test {
namespace {

class Forks : public Newer, public testing::WithParamInterface<ze_event_pool_flags_t> {};

TEST_P(Forks, AChildGoesOn) {
  auto* data = shared<uint32_t>(2);
  const uint32_t value = 7;
  const std::vector<ze_event_handle_t> all = events(5, nullptr, ZE_EVENT_POOL_FLAG_HOST_VISIBLE | GetParam());
  const auto [before, lost, later, barrier, after] = std::array{all[0], all[1], all[2], all[3], all[4]};
  ze_command_list_handle_t list = asynchronous_list();
  ze_event_handle_t awaited = before;
  // Under way until the host gives the signal.
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list, data, &value, 4, 4, lost, 1, &awaited));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list, data + 1, &value, 4, 4, later, 0, nullptr));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);  // ends one that waits for a thread which it has not
    const bool is_lost = ZE(zeEventHostSynchronize)(lost, UINT64_MAX) == ZE_RESULT_ERROR_DEVICE_LOST && data[0] == 0;
    const bool goes_on = ZE(zeEventHostSynchronize)(later, UINT64_MAX) == ZE_RESULT_SUCCESS && data[1] == value;
    const bool tells = ZE(zeCommandListAppendBarrier)(list, barrier, 0, nullptr) == ZE_RESULT_SUCCESS &&
                       ZE(zeEventHostSynchronize)(barrier, UINT64_MAX) == ZE_RESULT_ERROR_DEVICE_LOST;
    // A limit: it is not this thread that does it.
    const bool works = ZE(zeCommandListAppendMemoryFill)(list, data, &value, 4, 4, after, 0, nullptr) == 0 &&
                       ZE(zeEventHostSynchronize)(after, 10'000'000'000) == ZE_RESULT_SUCCESS && data[0] == value;
    const bool ends = ZE(zeCommandListDestroy)(list) == ZE_RESULT_SUCCESS;
    _exit(is_lost | goes_on << 1 | tells << 2 | works << 3 | ends << 4);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 31);
  ASSERT_ZE(ZE(zeEventHostSignal)(before));
  EXPECT_ZE(ZE(zeEventHostSynchronize)(later, UINT64_MAX));
  EXPECT_EQ(data[0], value);
}

/// The parent signals what a child waits for, and each sees what the other one writes.
TEST_P(Forks, AChildSharesWhatWasShared) {
  auto* gate = shared<uint32_t>(1);
  const uint32_t value = 7;
  const ze_device_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
  void* data = nullptr;
  ASSERT_ZE(ZE(zeMemAllocDevice)(context_, &desc, 4096, 64, device_, &data));
  ze_ipc_mem_handle_t handle{};
  ASSERT_ZE(ZE(zeMemGetIpcHandle)(context_, data, &handle));
  const std::vector<ze_event_handle_t> all =
      events(3, nullptr, ZE_EVENT_POOL_FLAG_HOST_VISIBLE | ZE_EVENT_POOL_FLAG_IPC | GetParam());
  const auto [begin, lost, answer] = std::array{all[0], all[1], all[2]};
  ze_event_handle_t awaited = begin;
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(asynchronous_list(), gate, &value, 4, 4, lost, 1, &awaited));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);
    const bool is_signalled = ZE(zeEventHostSynchronize)(lost, UINT64_MAX) == ZE_RESULT_SUCCESS;
    const bool writes = ZE(zeCommandListAppendMemoryFill)(list_, data, &value, 4, 4096, answer, 0, nullptr) == 0;
    void* opened = nullptr;
    const bool opens = ZE(zeMemOpenIpcHandle)(context_, device_, handle, 0, &opened) == ZE_RESULT_SUCCESS;
    _exit(is_signalled | writes << 1 | opens << 2);
  }
  ASSERT_ZE(ZE(zeEventHostSignal)(begin));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(answer, 20'000'000'000));
  uint32_t word = 0;
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(list_, &word, data, 4, nullptr, 0, nullptr));
  EXPECT_EQ(word, value);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_ZE(ZE(zeMemFree)(context_, data));
}

/// A counter of the program is the child's own, and nobody else adds to it there.
TEST_P(Forks, AChildLosesWhatCountsInItsMemory) {
  FIND(make, EventTable, pfnCounterBasedCreate, "zeEventCounterBasedCreate");
  auto* counter = shared<uint64_t>(1);
  const newer::ze_event_counter_based_external_aggregate_storage_desc_t added{newer::kAggregateCounterDesc, nullptr,
                                                                              counter, 1, 1};
  const newer::ze_event_counter_based_desc_t desc{newer::kCountingEventDesc, &added, 0, 0, 0};
  ze_event_handle_t event = nullptr, begin = events(1)[0];
  ASSERT_ZE(make(context_, device_, &desc, &event));
  ASSERT_ZE(ZE(zeCommandListAppendBarrier)(asynchronous_list(), event, 1, &begin));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);
    _exit(ZE(zeEventHostSynchronize)(event, UINT64_MAX) == ZE_RESULT_ERROR_DEVICE_LOST ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_EQ(*counter, 0u);
  ASSERT_ZE(ZE(zeEventHostSignal)(begin));
  EXPECT_ZE(ZE(zeEventHostSynchronize)(event, UINT64_MAX));
  EXPECT_ZE(ZE(zeEventDestroy)(event));
}

INSTANTIATE_TEST_SUITE_P(Untimed, Forks, testing::Values(0));
INSTANTIATE_TEST_SUITE_P(Timed, Forks, testing::Values(ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP));

}  // namespace
}  // namespace metate::test
