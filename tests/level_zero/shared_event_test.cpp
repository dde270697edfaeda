// shared_event_test – events that one process signals and another one waits for.
#include <atomic>
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

/// An event that counts, of lists in order.
class SharedCounters : public Newer {
 protected:
  void prepare() override {
    make_ = function<SLOT(EventTable, pfnCounterBasedCreate)>("zeEventCounterBasedCreate");
    share_ = function<SLOT(EventTable, pfnCounterBasedGetIpcHandle)>("zeEventCounterBasedGetIpcHandle");
    open_ = function<SLOT(EventTable, pfnCounterBasedOpenIpcHandle)>("zeEventCounterBasedOpenIpcHandle");
    close_ = function<SLOT(EventTable, pfnCounterBasedCloseIpcHandle)>("zeEventCounterBasedCloseIpcHandle");
    ASSERT_TRUE(make_ && share_ && open_ && close_);
    event_ = make(newer::kCounterIpc | newer::kCounterHostVisible);
  }
  void TearDown() override {
    if (event_) EXPECT_ZE(ZE(zeEventDestroy)(event_));
    Newer::TearDown();
  }

  ze_event_handle_t make(uint32_t flags) {
    const newer::ze_event_counter_based_desc_t desc{newer::kCountingEventDesc, nullptr, flags, 0,
                                                    ZE_EVENT_SCOPE_FLAG_HOST};
    ze_event_handle_t made = nullptr;
    EXPECT_ZE(make_(context_, device_, &desc, &made));
    return made;
  }
  newer::ze_ipc_event_counter_based_handle_t handle() {
    newer::ze_ipc_event_counter_based_handle_t handle{};
    EXPECT_ZE(share_(event_, &handle));
    return handle;
  }

  SLOT(EventTable, pfnCounterBasedCreate) * make_ = nullptr;
  SLOT(EventTable, pfnCounterBasedGetIpcHandle) * share_ = nullptr;
  SLOT(EventTable, pfnCounterBasedOpenIpcHandle) * open_ = nullptr;
  SLOT(EventTable, pfnCounterBasedCloseIpcHandle) * close_ = nullptr;
  ze_event_handle_t event_ = nullptr;
};

TEST_F(SharedCounters, TheDeviceSaysThatItHasThem) {
  newer::ze_device_event_properties_t events{newer::kDeviceEventProperties, nullptr, 0};
  ze_device_properties_t device{};
  device.stype = ZE_STRUCTURE_TYPE_DEVICE_PROPERTIES;
  device.pNext = &events;
  ASSERT_ZE(ZE(zeDeviceGetProperties)(device_, &device));
  EXPECT_TRUE(events.flags & newer::kSharesCounters);
}

/// An event that is opened stays what it was then.
TEST_F(SharedCounters, AnotherProcessAwaitsTheSignalSubmittedLast) {
  auto* data = shared<uint32_t>(1);
  ze_command_list_handle_t list = asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER);
  ze_event_handle_t begin = events(1)[0];
  Peer peer;
  ASSERT_EQ(peer.ask_with(handle(), Task::kOpenCounter).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kAwaitCounter).result, ZE_RESULT_SUCCESS) << "nothing has been submitted";
  for (uint32_t round = 1; round <= 50; ++round) {
    ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list, data, &round, 4, 4, event_, 1, &begin));
    EXPECT_EQ(peer.ask(Task::kQueryCounter).result, ZE_RESULT_SUCCESS) << "as it was when it was opened";
    ASSERT_EQ(peer.ask(Task::kCloseCounter).result, ZE_RESULT_SUCCESS);
    ASSERT_EQ(peer.ask_with(handle(), Task::kOpenCounter).result, ZE_RESULT_SUCCESS);
    ASSERT_EQ(peer.ask(Task::kQueryCounter).result, ZE_RESULT_NOT_READY) << round;
    peer.send({Task::kAwaitCounter});
    ASSERT_ZE(ZE(zeEventHostSignal)(begin));
    ASSERT_EQ(peer.receive().result, ZE_RESULT_SUCCESS);
    ASSERT_ZE(ZE(zeEventHostSynchronize)(event_, UINT64_MAX));
    EXPECT_EQ(*data, round);
    ASSERT_ZE(ZE(zeEventHostReset)(begin));
  }
}

/// Signals of who opened it make it an event of its own, which waits before that do not see.
TEST_F(SharedCounters, AreSharedInOneDirection) {
  Peer peer;
  ze_command_list_handle_t list = asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER);
  ze_event_handle_t begin = events(1)[0];
  ASSERT_ZE(ZE(zeCommandListAppendBarrier)(list, event_, 1, &begin));
  ASSERT_EQ(peer.ask_with(handle(), Task::kOpenCounter).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kQueryCounter).result, ZE_RESULT_NOT_READY);
  EXPECT_EQ(peer.ask(Task::kSignalCounter).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(peer.ask(Task::kAwaitCounter).result, ZE_RESULT_SUCCESS);
  EXPECT_EQ(ZE(zeEventQueryStatus)(event_), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeEventHostSignal)(begin));
  EXPECT_ZE(ZE(zeEventHostSynchronize)(event_, UINT64_MAX));
}

TEST_F(SharedCounters, ACommandAwaitsWhatWasSubmittedBeforeIt) {
  auto* data = shared<uint32_t>(2);
  ze_command_list_handle_t first = asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER),
                           second = asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER);
  const std::vector<ze_event_handle_t> all = events(3);
  ze_event_handle_t begin = all[0], done = all[1], later = all[2], opened = nullptr;
  const uint32_t seven = 7;
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(first, data, &seven, 4, 4, event_, 1, &begin));
  ASSERT_ZE(open_(context_, handle(), &opened));
  ASSERT_ZE(ZE(zeCommandListAppendBarrier)(first, event_, 1, &later));
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(second, data + 1, data, 4, done, 1, &opened));
  EXPECT_EQ(ZE(zeEventHostSynchronize)(done, 1'000'000), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeCommandListAppendBarrier)(first, opened, 1, &later));
  EXPECT_EQ(ZE(zeEventQueryStatus)(opened), ZE_RESULT_NOT_READY) << "it stands for the last command now";
  ASSERT_ZE(ZE(zeEventHostSignal)(begin));
  ASSERT_ZE(ZE(zeEventHostSynchronize)(done, UINT64_MAX)) << "which waits before it do not see";
  EXPECT_EQ(data[1], 7u);
  EXPECT_EQ(ZE(zeEventQueryStatus)(event_), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeEventHostSignal)(later));
  for (ze_event_handle_t event : {event_, opened}) EXPECT_ZE(ZE(zeEventHostSynchronize)(event, UINT64_MAX));
  EXPECT_EQ(ZE(zeEventDestroy)(opened), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "it is closed";
  EXPECT_EQ(close_(event_), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "it is nobody else's";
  EXPECT_ZE(close_(opened));
}

TEST_F(SharedCounters, RefuseWhatIsNoHandleOfAnEvent) {
  newer::ze_ipc_event_counter_based_handle_t of_event = handle();
  ze_event_handle_t alone = make(newer::kCounterHostVisible), opened = nullptr;
  newer::ze_ipc_event_counter_based_handle_t none{};
  EXPECT_EQ(share_(alone, &none), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  ze_event_handle_t timed = make(newer::kCounterIpc | newer::kCounterDeviceTimestamp);
  EXPECT_EQ(share_(timed, &none), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "times stay where they are";
  EXPECT_ZE(ZE(zeEventDestroy)(timed));
  EXPECT_EQ(open_(context_, {}, &opened), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  ze_ipc_event_pool_handle_t as_pool{};
  std::memcpy(as_pool.data, of_event.data, sizeof(as_pool.data));
  ze_event_pool_handle_t pool = nullptr;
  EXPECT_EQ(ZE(zeEventPoolOpenIpcHandle)(context_, as_pool, &pool), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_ZE(ZE(zeEventDestroy)(event_));
  EXPECT_EQ(open_(context_, of_event, &opened), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "the event is gone";
  event_ = alone;
}

TEST_F(SharedCounters, CountersCanBeRead) {
  FIND(address_of, EventTable, pfnCounterBasedGetDeviceAddress, "zeEventCounterBasedGetDeviceAddress");
  ze_event_handle_t alone = make(newer::kCounterHostVisible);
  for (ze_event_handle_t event : {event_, alone}) {
    ze_event_handle_t begin = events(1)[0];
    ASSERT_ZE(ZE(zeCommandListAppendBarrier)(asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER), event, 1, &begin));
    uint64_t value = 0, address = 0, again = 0;
    ASSERT_ZE(address_of(event, &value, &address));
    auto& counter = *reinterpret_cast<std::atomic<uint64_t>*>(static_cast<uintptr_t>(address));
    EXPECT_LT(counter.load(), value);
    ASSERT_ZE(ZE(zeEventHostSignal)(begin));
    while (counter.load() < value) std::this_thread::yield();
    EXPECT_ZE(ZE(zeEventQueryStatus)(event));
    ASSERT_ZE(ZE(zeCommandListAppendBarrier)(list_, event, 0, nullptr));
    ASSERT_ZE(address_of(event, &again, &address));
    EXPECT_GT(again, value);
  }
  ze_event_handle_t plain = events(1)[0];
  uint64_t value = 0, address = 0;
  EXPECT_EQ(address_of(plain, &value, &address), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  EXPECT_ZE(ZE(zeEventDestroy)(alone));
}

/// Of a pool, as before 1.15.
TEST_F(SharedCounters, PoolsOfThemAreShared) {
  const ze_event_pool_counter_based_exp_desc_t counting{ZE_STRUCTURE_TYPE_COUNTER_BASED_EVENT_POOL_EXP_DESC, nullptr,
                                                        ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_IMMEDIATE};
  ze_event_handle_t event = events(1, &counting, ZE_EVENT_POOL_FLAG_HOST_VISIBLE | ZE_EVENT_POOL_FLAG_IPC)[0];
  FIND(pool_of, EventTable, pfnGetEventPool, "zeEventGetEventPool");
  ze_event_pool_handle_t pool = nullptr, opened = nullptr;
  ASSERT_ZE(pool_of(event, &pool));
  ze_ipc_event_pool_handle_t handle{};
  ASSERT_ZE(ZE(zeEventPoolGetIpcHandle)(pool, &handle));
  ASSERT_ZE(ZE(zeEventPoolOpenIpcHandle)(context_, handle, &opened));
  const ze_event_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, 0, 0, 0};
  ze_event_handle_t same = nullptr;
  ASSERT_ZE(ZE(zeEventCreate)(opened, &desc, &same));
  EXPECT_EQ(ZE(zeEventHostSignal)(same), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "it counts";
  ze_event_handle_t begin = events(1)[0];
  ASSERT_ZE(ZE(zeCommandListAppendBarrier)(asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER), event, 1, &begin));
  EXPECT_EQ(ZE(zeEventQueryStatus)(same), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeEventHostSignal)(begin));
  EXPECT_ZE(ZE(zeEventHostSynchronize)(same, UINT64_MAX));
  EXPECT_ZE(ZE(zeEventDestroy)(same));
  EXPECT_ZE(ZE(zeEventPoolCloseIpcHandle)(opened));
}

}  // namespace
}  // namespace metate::test
