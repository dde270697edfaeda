// event_test – events between host, lists and queues; timestamps; many threads.
#include <array>
#include <atomic>
#include <thread>

#include "tests/level_zero/api.h"

namespace metate::test {
namespace {

/// Of a pool with these flags beside that of events that the host sees.
class Events : public DeviceTest, public testing::WithParamInterface<ze_event_pool_flags_t> {
 protected:
  void prepare() override {
    ze_event_pool_desc_t desc{};
    desc.stype = ZE_STRUCTURE_TYPE_EVENT_POOL_DESC;
    desc.flags = ZE_EVENT_POOL_FLAG_HOST_VISIBLE | GetParam();
    desc.count = 64;
    ASSERT_ZE(ZE(zeEventPoolCreate)(context_, &desc, 1, &device_, &pool_));
  }

  void TearDown() override {
    for (ze_event_handle_t event : events_) EXPECT_ZE(ZE(zeEventDestroy)(event));
    if (pool_) EXPECT_ZE(ZE(zeEventPoolDestroy)(pool_));
    DeviceTest::TearDown();
  }

  ze_event_handle_t event() {
    const ze_event_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, static_cast<uint32_t>(events_.size()),
                               ZE_EVENT_SCOPE_FLAG_HOST, ZE_EVENT_SCOPE_FLAG_HOST};
    ze_event_handle_t made = nullptr;
    EXPECT_ZE(ZE(zeEventCreate)(pool_, &desc, &made));
    events_.push_back(made);
    return made;
  }

  ze_command_list_handle_t async_list() {
    ze_command_queue_desc_t desc{};
    desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
    desc.mode = ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS;
    ze_command_list_handle_t list = nullptr;
    EXPECT_ZE(ZE(zeCommandListCreateImmediate)(context_, device_, &desc, &list));
    return list;
  }

  ze_event_pool_handle_t pool_ = nullptr;
  std::vector<ze_event_handle_t> events_;
};

class TimedEvents : public Events {};

TEST_P(Events, HostSignalsResetsAndWaits) {
  ze_event_handle_t e = event();
  EXPECT_EQ(ZE(zeEventQueryStatus)(e), ZE_RESULT_NOT_READY);
  EXPECT_EQ(ZE(zeEventHostSynchronize)(e, 1000), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeEventHostSignal)(e));
  EXPECT_ZE(ZE(zeEventQueryStatus)(e));
  EXPECT_ZE(ZE(zeEventHostSynchronize)(e, UINT64_MAX));
  ASSERT_ZE(ZE(zeEventHostReset)(e));
  EXPECT_EQ(ZE(zeEventQueryStatus)(e), ZE_RESULT_NOT_READY);
}

TEST_P(Events, ListsSignalResetAndWait) {
  ze_event_handle_t e = event();
  ASSERT_ZE(ZE(zeCommandListAppendSignalEvent)(list_, e));
  EXPECT_ZE(ZE(zeEventQueryStatus)(e));
  ASSERT_ZE(ZE(zeCommandListAppendWaitOnEvents)(list_, 1, &e));
  ASSERT_ZE(ZE(zeCommandListAppendEventReset)(list_, e));
  EXPECT_EQ(ZE(zeEventQueryStatus)(e), ZE_RESULT_NOT_READY);
}

TEST_P(Events, TwoListsPlayPingPong) {
  auto* data = shared<uint32_t>(2);
  ze_command_list_handle_t lists[2] = {async_list(), async_list()};
  // data[1] = data[0] on one list, data[0] = data[1] … on the other, each waiting for the step before.
  ze_event_handle_t last = event();
  for (int step = 0; step < 20; ++step) {
    ze_event_handle_t next = event();
    const uint32_t value = static_cast<uint32_t>(step) + 1;
    ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(lists[step % 2], data, &value, 4, 4, next, 1, &last));
    last = next;
  }
  EXPECT_EQ(data[0], 0u);
  ASSERT_ZE(ZE(zeEventHostSignal)(events_[0]));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(last, UINT64_MAX));
  EXPECT_EQ(data[0], 20u);
  for (ze_command_list_handle_t list : lists) EXPECT_ZE(ZE(zeCommandListDestroy)(list));
}

TEST_P(TimedEvents, TimestampsSurroundTheCommand) {
  ze_event_handle_t e = event();
  auto* data = shared<uint8_t>(1 << 20);
  auto* stamps = shared<uint64_t>(2);
  auto* written = shared<ze_kernel_timestamp_result_t>(1);
  const uint8_t pattern = 3;
  ze_kernel_timestamp_result_t times{};
  EXPECT_EQ(ZE(zeEventQueryKernelTimestamp)(e, &times), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeCommandListAppendWriteGlobalTimestamp)(list_, &stamps[0], nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list_, data, &pattern, 1, 1 << 20, e, 0, nullptr));
  ASSERT_ZE(ZE(zeCommandListAppendWriteGlobalTimestamp)(list_, &stamps[1], nullptr, 0, nullptr));
  ASSERT_ZE(ZE(zeEventQueryKernelTimestamp)(e, &times));
  EXPECT_LE(stamps[0], stamps[1]);
  EXPECT_LT(times.global.kernelStart, times.global.kernelEnd);
  ASSERT_ZE(ZE(zeCommandListAppendQueryKernelTimestamps)(list_, 1, &e, written, nullptr, nullptr, 0, nullptr));
  EXPECT_EQ(written->global.kernelStart, times.global.kernelStart);
  EXPECT_EQ(written->global.kernelEnd, times.global.kernelEnd);
}

TEST_P(TimedEvents, TimestampsOfADeviceAreAList) {
  auto query = ZE(zeEventQueryTimestampsExp);
  ze_event_handle_t e = event();
  auto* data = shared<uint8_t>(64);
  const uint8_t pattern = 3;
  uint32_t count = 1;
  ze_kernel_timestamp_result_t times[2] = {}, alone{};
  EXPECT_EQ(query(e, device_, &count, times), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list_, data, &pattern, 1, 64, e, 0, nullptr));
  count = 0;
  ASSERT_ZE(query(e, device_, &count, nullptr));
  ASSERT_EQ(count, 1u);  // the device has no parts
  count = 0;
  ASSERT_ZE(query(e, device_, &count, times));
  EXPECT_EQ(count, 1u);
  EXPECT_EQ(times[0].global.kernelEnd, 0u) << "an array of no elements is not written to";
  count = 2;
  ASSERT_ZE(query(e, device_, &count, times));
  EXPECT_EQ(count, 1u);
  ASSERT_ZE(ZE(zeEventQueryKernelTimestamp)(e, &alone));
  EXPECT_LE(times[0].global.kernelStart, times[0].global.kernelEnd);
  EXPECT_EQ(times[0].global.kernelStart, alone.global.kernelStart);
  EXPECT_EQ(times[0].context.kernelEnd, alone.context.kernelEnd);
  EXPECT_EQ(times[1].global.kernelEnd, 0u);
  EXPECT_EQ(query(e, device_, nullptr, times), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_P(Events, ManyThreadsUseListsOfTheirOwn) {
  constexpr int kThreads = 8, kRounds = 50;
  auto* data = shared<uint32_t>(kThreads);
  std::vector<ze_event_handle_t> done;
  for (int t = 0; t < kThreads; ++t) done.push_back(event());
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      ze_command_list_handle_t list = async_list();
      for (uint32_t round = 1; round <= kRounds; ++round) {
        EXPECT_ZE(ZE(zeCommandListAppendMemoryFill)(list, data + t, &round, 4, 4, done[t], 0, nullptr));
        EXPECT_ZE(ZE(zeEventHostSynchronize)(done[t], UINT64_MAX));
        EXPECT_EQ(data[t], round);
        EXPECT_ZE(ZE(zeEventHostReset)(done[t]));
      }
      EXPECT_ZE(ZE(zeCommandListDestroy)(list));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_P(Events, TwoThreadsPlayPingPong) {
  constexpr int kRounds = 2000;
  ze_event_handle_t balls[2] = {event(), event()};
  std::array<int, 2> hits{};
  auto play = [&](size_t side) {
    for (int round = 0; round < kRounds; ++round) {
      // Sometimes somebody waits already when the signal comes, and sometimes it is found.
      const uint64_t timeout = round % 3 == 0 ? 0 : round % 3 == 1 ? 1000 : UINT64_MAX;
      while (ZE(zeEventHostSynchronize)(balls[side], timeout) != ZE_RESULT_SUCCESS) std::this_thread::yield();
      EXPECT_ZE(ZE(zeEventHostReset)(balls[side]));
      EXPECT_EQ(hits[0], hits[1] + static_cast<int>(side));
      ++hits[side];
      EXPECT_ZE(ZE(zeEventHostSignal)(balls[1 - side]));
    }
  };
  std::thread other(play, 1);
  EXPECT_ZE(ZE(zeEventHostSignal)(balls[0]));
  play(0);
  other.join();
  EXPECT_EQ(hits[1], kRounds);
}

TEST_P(Events, WhoSeesOneMayDestroyIt) {
  constexpr int kRounds = 2000;
  std::atomic<ze_event_handle_t> shown = nullptr;
  std::thread signaller([&] {
    for (int round = 0; round < kRounds; ++round) {
      ze_event_handle_t seen = nullptr;
      while (!(seen = shown.exchange(nullptr))) std::this_thread::yield();
      EXPECT_ZE(ZE(zeEventHostSignal)(seen));
    }
  });
  for (int round = 0; round < kRounds; ++round) {
    const ze_event_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, 0, ZE_EVENT_SCOPE_FLAG_HOST,
                               ZE_EVENT_SCOPE_FLAG_HOST};
    ze_event_handle_t made = nullptr;
    ASSERT_ZE(ZE(zeEventCreate)(pool_, &desc, &made));
    shown = made;
    if (round % 2) (void)ZE(zeEventHostSynchronize)(made, 100);
    while (ZE(zeEventQueryStatus)(made) != ZE_RESULT_SUCCESS) std::this_thread::yield();
    ASSERT_ZE(ZE(zeEventDestroy)(made));
  }
  signaller.join();
}

TEST_P(Events, RefusesWhatIsNotInThePool) {
  ze_event_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_EVENT_DESC;
  desc.index = 64;
  ze_event_handle_t made = nullptr;
  EXPECT_NE(ZE(zeEventCreate)(pool_, &desc, &made), ZE_RESULT_SUCCESS);
  EXPECT_EQ(ZE(zeEventCreate)(pool_, nullptr, &made), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

INSTANTIATE_TEST_SUITE_P(Untimed, Events, testing::Values(0));
INSTANTIATE_TEST_SUITE_P(Timed, Events, testing::Values(ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP));
INSTANTIATE_TEST_SUITE_P(Timed, TimedEvents, testing::Values(ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP));

}  // namespace
}  // namespace metate::test
