// shared_event_test – events that one process signals and another one waits for.
#include <cstring>
#include <thread>

#include "tests/level_zero/newer.h"
#include "tests/level_zero/peer.h"

namespace metate::test {
namespace {

/// Events 0 and 1 of a pool that another process opens; of pools with these flags beside.
class SharedEvents : public Newer, public testing::WithParamInterface<ze_event_pool_flags_t> {
 protected:
  void prepare() override {
    pool_ = make_pool(ZE_EVENT_POOL_FLAG_IPC | GetParam());
    ASSERT_TRUE(pool_);
    for (uint32_t i = 0; i < 2; ++i) events_[i] = event(pool_, i);
  }
  void TearDown() override {
    for (ze_event_handle_t event : events_) {
      if (event) EXPECT_ZE(ZE(zeEventDestroy)(event));
    }
    if (pool_) EXPECT_ZE(ZE(zeEventPoolDestroy)(pool_));
    Newer::TearDown();
  }

  ze_event_pool_handle_t make_pool(ze_event_pool_flags_t flags) {
    const ze_event_pool_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_POOL_DESC, nullptr, flags, 2};
    ze_event_pool_handle_t pool = nullptr;
    EXPECT_ZE(ZE(zeEventPoolCreate)(context_, &desc, 1, &device_, &pool));
    return pool;
  }
  ze_event_handle_t event(ze_event_pool_handle_t pool, uint32_t index) {
    const ze_event_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, index, 0, 0};
    ze_event_handle_t made = nullptr;
    EXPECT_ZE(ZE(zeEventCreate)(pool, &desc, &made));
    return made;
  }
  ze_ipc_event_pool_handle_t handle() {
    ze_ipc_event_pool_handle_t handle{};
    EXPECT_ZE(ZE(zeEventPoolGetIpcHandle)(pool_, &handle));
    return handle;
  }
  void open_in(Peer& peer) { ASSERT_EQ(peer.ask_with(handle(), Task::kOpenEvents).result, ZE_RESULT_SUCCESS); }
  ze_result_t await(ze_event_handle_t event, uint64_t timeout = UINT64_MAX) {
    return ZE(zeEventHostSynchronize)(event, timeout);
  }

  ze_event_pool_handle_t pool_ = nullptr;
  ze_event_handle_t events_[2] = {};
};

TEST_P(SharedEvents, AnotherProcessSeesSignals) {
  Peer peer;
  open_in(peer);
  EXPECT_EQ(peer.ask(Task::kQuery).result, ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeCommandListAppendSignalEvent)(list_, events_[0]));
  EXPECT_EQ(peer.ask(Task::kQuery).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kAwaitOnHost).result, ZE_RESULT_SUCCESS);
  ASSERT_ZE(ZE(zeEventHostReset)(events_[0]));
  EXPECT_EQ(peer.ask(Task::kQuery).result, ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeEventHostSignal)(events_[0]));
  EXPECT_EQ(peer.ask(Task::kQuery).result, ZE_RESULT_SUCCESS);
  ASSERT_ZE(ZE(zeCommandListAppendEventReset)(list_, events_[0]));
  EXPECT_EQ(peer.ask(Task::kQuery).result, ZE_RESULT_NOT_READY);
}

TEST_P(SharedEvents, SignalsOfAnotherProcessAreSeen) {
  Peer peer;
  open_in(peer);
  EXPECT_EQ(ZE(zeEventQueryStatus)(events_[1]), ZE_RESULT_NOT_READY);
  EXPECT_EQ(await(events_[1], 1'000'000), ZE_RESULT_NOT_READY);
  peer.send({Task::kSignal});
  EXPECT_ZE(await(events_[1]));
  EXPECT_EQ(peer.receive().result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kReset).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(ZE(zeEventQueryStatus)(events_[1]), ZE_RESULT_NOT_READY);
  peer.send({Task::kHostSignal});
  EXPECT_ZE(await(events_[1], 60'000'000'000));
  EXPECT_EQ(peer.receive().result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kCloseEvents).result, ZE_RESULT_SUCCESS);
  EXPECT_ZE(await(events_[1], 0)) << "it stays what it was";
}

/// A command here, one behind it there, and one behind that here again.
TEST_P(SharedEvents, CommandsOfTwoProcessesFollowEachOther) {
  auto* data = shared<uint32_t>(2);
  const uint32_t value = 7;
  ze_command_list_handle_t first = asynchronous_list(), last = asynchronous_list();
  const std::vector<ze_event_handle_t> own = events(2);
  ze_event_handle_t begin = own[0], done = own[1];
  Peer peer;
  open_in(peer);
  for (int round = 0; round < 50; ++round) {
    data[0] = data[1] = 0;
    ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(first, data, &value, 4, 4, events_[0], 1, &begin));
    ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(last, data + 1, data, 4, done, 1, &events_[1]));
    peer.send({Task::kAwait});
    ASSERT_ZE(ZE(zeEventHostSignal)(begin));
    ASSERT_ZE(await(done));
    EXPECT_EQ(data[1], value);
    EXPECT_EQ(peer.receive().result, ZE_RESULT_SUCCESS);
    for (ze_event_handle_t event : {begin, done, events_[0], events_[1]}) ASSERT_ZE(ZE(zeEventHostReset)(event));
  }
}

/// Who waits here helps with what has not begun here, as with events of this process alone.
TEST_P(SharedEvents, AWaitRunsWhatItWaitsFor) {
  auto* data = shared<uint32_t>(1);
  const uint32_t value = 7;
  ze_command_list_handle_t list = asynchronous_list();
  for (int round = 0; round < 100; ++round) {
    ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list, data, &value, 4, 4, events_[0], 0, nullptr));
    ASSERT_ZE(await(events_[0]));
    ASSERT_EQ(*data, value);
    *data = 0;
    ASSERT_ZE(ZE(zeEventHostReset)(events_[0]));
  }
}

TEST_P(SharedEvents, AreOpenedInTheSameProcessToo) {
  ze_event_pool_handle_t opened = nullptr;
  ASSERT_ZE(ZE(zeEventPoolOpenIpcHandle)(context_, handle(), &opened));
  ASSERT_ZE(ZE(zeEventHostSignal)(events_[1]));
  ze_event_handle_t same = event(opened, 1);
  EXPECT_ZE(ZE(zeEventQueryStatus)(same)) << "an event of an opened pool is as it is";
  ze_event_handle_t anew = event(pool_, 1);
  EXPECT_EQ(ZE(zeEventQueryStatus)(same), ZE_RESULT_NOT_READY) << "a new one of its own pool is not signalled";
  const ze_event_desc_t behind{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, 2, 0, 0};
  ze_event_handle_t none = nullptr;
  EXPECT_EQ(ZE(zeEventCreate)(opened, &behind, &none), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  for (ze_event_handle_t event : {same, anew}) EXPECT_ZE(ZE(zeEventDestroy)(event));
  ASSERT_ZE(ZE(zeEventPoolCloseIpcHandle)(opened));
}

TEST_P(SharedEvents, KeepTimesWhereThePoolDoes) {
  ze_kernel_timestamp_result_t times{}, again{};
  auto query = ZE(zeEventQueryKernelTimestamp);
  if (!(GetParam() & ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP)) {
    EXPECT_EQ(query(events_[1], &times), ZE_RESULT_ERROR_INVALID_ARGUMENT);
    return;
  }
  EXPECT_EQ(query(events_[1], &times), ZE_RESULT_NOT_READY);
  Peer peer;
  open_in(peer);
  auto* stamps = shared<uint64_t>(2);
  ASSERT_ZE(ZE(zeCommandListAppendWriteGlobalTimestamp)(list_, &stamps[0], nullptr, 0, nullptr));
  EXPECT_EQ(peer.ask(Task::kSignal).result, ZE_RESULT_SUCCESS);
  ASSERT_ZE(ZE(zeCommandListAppendWriteGlobalTimestamp)(list_, &stamps[1], nullptr, 0, nullptr));
  ASSERT_ZE(query(events_[1], &times));
  EXPECT_LE(stamps[0], times.global.kernelStart);
  EXPECT_LE(times.global.kernelStart, times.global.kernelEnd);
  EXPECT_LE(times.global.kernelEnd, stamps[1]);
  ASSERT_ZE(query(events_[1], &again));
  EXPECT_EQ(again.global.kernelEnd, times.global.kernelEnd);
}

TEST_P(SharedEvents, OutliveAProcessThatWaits) {
  Peer peer;
  open_in(peer);
  peer.send({Task::kAwaitOnHost});
  peer.kill();
  ASSERT_ZE(ZE(zeEventHostSignal)(events_[0]));
  EXPECT_ZE(await(events_[0]));
}

TEST_P(SharedEvents, RefuseWhatIsNoHandleOfAPool) {
  ze_event_pool_handle_t opened = nullptr;
  auto open = [&](const ze_ipc_event_pool_handle_t& handle) {
    return ZE(zeEventPoolOpenIpcHandle)(context_, handle, &opened);
  };
  EXPECT_EQ(open({}), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  ze_ipc_event_pool_handle_t damaged = handle();
  for (size_t byte = 4; byte < 32; ++byte) damaged.data[byte] = static_cast<char>(~damaged.data[byte]);
  EXPECT_EQ(open(damaged), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  const ze_ipc_event_pool_handle_t good = handle();
  ze_ipc_mem_handle_t as_memory{};
  std::memcpy(as_memory.data, good.data, sizeof(good.data));
  void* memory = nullptr;
  EXPECT_EQ(ZE(zeMemOpenIpcHandle)(context_, device_, as_memory, 0, &memory), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(ZE(zeEventPoolCloseIpcHandle)(pool_), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "it is nobody else's";
  ASSERT_ZE(open(good));
  EXPECT_EQ(ZE(zeEventPoolDestroy)(opened), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "it is closed";
  ASSERT_ZE(ZE(zeEventPoolCloseIpcHandle)(opened));
  ze_event_pool_handle_t alone = make_pool(ZE_EVENT_POOL_FLAG_HOST_VISIBLE | GetParam());
  damaged = good;
  EXPECT_EQ(ZE(zeEventPoolGetIpcHandle)(alone, &damaged), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  ASSERT_ZE(ZE(zeEventPoolDestroy)(alone));
}

INSTANTIATE_TEST_SUITE_P(Untimed, SharedEvents, testing::Values(0));
INSTANTIATE_TEST_SUITE_P(Timed, SharedEvents, testing::Values(ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP));
INSTANTIATE_TEST_SUITE_P(HostVisible, SharedEvents, testing::Values(ZE_EVENT_POOL_FLAG_HOST_VISIBLE));

/// With functions that headers of 1.4 do not have.
class SharedEventHandles : public Newer {};

TEST_F(SharedEventHandles, AreGoodUntilTheyArePutBack) {
  FIND(put_back, EventPoolTable, pfnPutIpcHandle, "zeEventPoolPutIpcHandle");
  const ze_event_pool_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_POOL_DESC, nullptr, ZE_EVENT_POOL_FLAG_IPC, 2};
  ze_event_pool_handle_t pool = nullptr, opened = nullptr;
  ASSERT_ZE(ZE(zeEventPoolCreate)(context_, &desc, 1, &device_, &pool));
  ze_ipc_event_pool_handle_t handle{};
  ASSERT_ZE(ZE(zeEventPoolGetIpcHandle)(pool, &handle));
  ASSERT_ZE(ZE(zeEventPoolDestroy)(pool));
  EXPECT_ZE(ZE(zeEventPoolOpenIpcHandle)(context_, handle, &opened));
  EXPECT_ZE(ZE(zeEventPoolCloseIpcHandle)(opened));
  EXPECT_ZE(put_back(context_, handle));
  EXPECT_EQ(ZE(zeEventPoolOpenIpcHandle)(context_, handle, &opened), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(put_back(context_, handle), ZE_RESULT_ERROR_INVALID_ARGUMENT);
}

TEST_F(SharedEventHandles, EventsThatCountStayWhereTheyAre) {
  const ze_event_pool_counter_based_exp_desc_t counting{ZE_STRUCTURE_TYPE_COUNTER_BASED_EVENT_POOL_EXP_DESC, nullptr,
                                                        ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_IMMEDIATE};
  const ze_event_pool_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_POOL_DESC, &counting, ZE_EVENT_POOL_FLAG_IPC, 2};
  ze_event_pool_handle_t pool = nullptr;
  EXPECT_EQ(ZE(zeEventPoolCreate)(context_, &desc, 1, &device_, &pool), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
}

}  // namespace
}  // namespace metate::test
