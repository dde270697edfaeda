// outer_counter_test – events that count in memory of the program.
#include <atomic>
#include <thread>

#include "tests/level_zero/newer.h"

namespace metate::test {
namespace {

class OuterCounters : public Newer {
 protected:
  void prepare() override {
    make_ = function<SLOT(EventTable, pfnCounterBasedCreate)>("zeEventCounterBasedCreate");
    ASSERT_TRUE(make_);
    counter_ = shared<uint64_t>(2);
  }
  void TearDown() override {
    for (ze_event_handle_t event : made_) EXPECT_ZE(ZE(zeEventDestroy)(event));
    Newer::TearDown();
  }

  ze_result_t try_to_make(const void* chain, uint32_t flags = 0) {
    const newer::ze_event_counter_based_desc_t desc{newer::kCountingEventDesc, chain, flags, 0,
                                                    ZE_EVENT_SCOPE_FLAG_HOST};
    ze_event_handle_t made = nullptr;
    const ze_result_t result = make_(context_, device_, &desc, &made);
    if (made) made_.push_back(made);
    return result;
  }
  /// One that is signalled when the counter is as large as `done`.
  ze_event_handle_t raised_to(uint64_t done) {
    const newer::ze_event_counter_based_external_sync_allocation_desc_t desc{newer::kRaisedCounterDesc, nullptr,
                                                                             counter_, counter_ + 1, done};
    EXPECT_ZE(try_to_make(&desc));
    return made_.back();
  }
  ze_event_handle_t added_to(uint64_t increment, uint64_t done) {
    const newer::ze_event_counter_based_external_aggregate_storage_desc_t desc{newer::kAggregateCounterDesc, nullptr,
                                                                               counter_, increment, done};
    EXPECT_ZE(try_to_make(&desc));
    return made_.back();
  }
  void raise(uint64_t value) {
    for (int i = 0; i < 2; ++i) std::atomic_ref(counter_[i]).store(value);
  }

  ze_result_t await(ze_event_handle_t event, uint64_t timeout = UINT64_MAX) {
    return ZE(zeEventHostSynchronize)(event, timeout);
  }

  SLOT(EventTable, pfnCounterBasedCreate) * make_ = nullptr;
  uint64_t* counter_ = nullptr;
  std::vector<ze_event_handle_t> made_;
};

TEST_F(OuterCounters, TheDeviceSaysThatItTakesThem) {
  newer::ze_device_event_properties_t events{newer::kDeviceEventProperties, nullptr, 0};
  ze_device_properties_t device{};
  device.stype = ZE_STRUCTURE_TYPE_DEVICE_PROPERTIES;
  device.pNext = &events;
  ASSERT_ZE(ZE(zeDeviceGetProperties)(device_, &device));
  EXPECT_TRUE(events.flags & newer::kAggregatesCounters);
  EXPECT_TRUE(events.flags & newer::kTakesCounters);
  FIND(most, DeviceTable, pfnGetCounterBasedEventMaxValue, "zeDeviceGetCounterBasedEventMaxValue");
  uint64_t value = 0;
  ASSERT_ZE(most(device_, &value));
  EXPECT_GT(value, 0u);
}

TEST_F(OuterCounters, TheProgramRaisesThem) {
  auto* data = shared<uint32_t>(1);
  ze_event_handle_t event = raised_to(5), done = events(1)[0];
  const uint32_t seven = 7;
  EXPECT_EQ(ZE(zeEventQueryStatus)(event), ZE_RESULT_NOT_READY);
  EXPECT_EQ(await(event, 1'000'000), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER), data, &seven, 4, 4,
                                              done, 1, &event));
  raise(4);
  EXPECT_EQ(await(done, 5'000'000), ZE_RESULT_NOT_READY);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    raise(5);
  });
  EXPECT_ZE(await(event, UINT64_MAX - 1));  // a limit of centuries is one too
  EXPECT_ZE(await(event));
  ASSERT_ZE(await(done));
  EXPECT_EQ(*data, 7u);
  other.join();
}

/// A command that is to signal it makes it an event like others.
TEST_F(OuterCounters, ASignalTakesThePlaceOfTheProgramsCounter) {
  ze_event_handle_t event = raised_to(5), begin = events(1)[0];
  ASSERT_ZE(ZE(zeCommandListAppendBarrier)(asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER), event, 1, &begin));
  raise(5);
  EXPECT_EQ(ZE(zeEventQueryStatus)(event), ZE_RESULT_NOT_READY);
  ASSERT_ZE(ZE(zeEventHostSignal)(begin));
  EXPECT_ZE(await(event));
  EXPECT_EQ(counter_[0], 5u) << "the driver does not write to it";
}

TEST_F(OuterCounters, CommandsOfSeveralListsAddUp) {
  FIND(step, DeviceTable, pfnGetAggregatedCopyOffloadIncrementValue, "zeDeviceGetAggregatedCopyOffloadIncrementValue");
  uint32_t increment = 0;
  ASSERT_ZE(step(device_, &increment));
  ASSERT_GT(increment, 0u);
  constexpr uint64_t kLists = 4, kCommands = 25;
  counter_[0] = 1000;
  ze_event_handle_t event = added_to(increment, 1000 + kLists * kCommands * increment);
  auto* data = shared<uint32_t>(kLists * kCommands);
  const uint32_t seven = 7;
  for (uint64_t i = 0; i < kLists; ++i) {
    ze_command_list_handle_t list = asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER);
    for (uint64_t j = 0; j < kCommands; ++j) {
      EXPECT_EQ(ZE(zeEventQueryStatus)(event), ZE_RESULT_NOT_READY);
      ASSERT_ZE(ZE(zeCommandListAppendMemoryFill)(list, data + i * kCommands + j, &seven, 4, 4, event, 0, nullptr));
    }
  }
  auto* copy = shared<uint32_t>(kLists * kCommands);
  ze_event_handle_t done = events(1)[0];
  ASSERT_ZE(ZE(zeCommandListAppendMemoryCopy)(asynchronous_list(ZE_COMMAND_QUEUE_FLAG_IN_ORDER), copy, data,
                                              kLists * kCommands * 4, done, 1, &event));
  ASSERT_ZE(await(event));
  ASSERT_ZE(await(done));
  for (uint64_t i = 0; i < kLists * kCommands; ++i) ASSERT_EQ(copy[i], 7u);
  EXPECT_EQ(counter_[0], 1000 + kLists * kCommands * increment);
  counter_[0] = 0;
  EXPECT_EQ(ZE(zeEventQueryStatus)(event), ZE_RESULT_NOT_READY) << "the program has reset it";
}

TEST_F(OuterCounters, RefusesWhatCannotBe) {
  newer::ze_event_counter_based_external_sync_allocation_desc_t raised{newer::kRaisedCounterDesc, nullptr, counter_,
                                                                       nullptr, 1};
  EXPECT_EQ(try_to_make(&raised), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  raised.hostAddress = counter_;
  EXPECT_EQ(try_to_make(&raised, newer::kCounterIpc), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  newer::ze_event_counter_based_external_aggregate_storage_desc_t added{newer::kAggregateCounterDesc, nullptr, counter_,
                                                                        0, 1};
  EXPECT_EQ(try_to_make(&added), ZE_RESULT_ERROR_INVALID_ARGUMENT);
  added.incrementValue = 1;
  added.pNext = &raised;
  EXPECT_EQ(try_to_make(&added), ZE_RESULT_ERROR_INVALID_ARGUMENT) << "both at once";
  newer::ze_event_sync_mode_desc_t mode{newer::kSyncModeDesc, nullptr, newer::kSyncHints, 0};
  EXPECT_ZE(try_to_make(&mode));
  mode.syncModeFlags = 1 << 2;
  EXPECT_EQ(try_to_make(&mode), ZE_RESULT_ERROR_UNSUPPORTED_FEATURE);
}

}  // namespace
}  // namespace metate::test
