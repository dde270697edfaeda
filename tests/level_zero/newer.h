// newer – a fixture for what loaders of 1.4 do not know: programs ask the driver for it by name.
#pragma once

#include <cstring>
#include <type_traits>
#include <vector>

#include "runtime/ze_software/newer_api.h"
#include "runtime/ze_software/newer_tables.h"
#include "tests/level_zero/api.h"

namespace metate::test {

namespace newer = ze_software::newer;

/// A slot of a table of newer_tables.h, as `function<SLOT(EventTable, pfnGetEventPool)>("zeEventGetEventPool")`.
#define SLOT(table, slot) std::remove_pointer_t<decltype(newer::table::slot)>

/// The function of a slot; tests of drivers that lack it are among the exceptions.
#define FIND(variable, table, slot, name)             \
  auto* variable = function<SLOT(table, slot)>(name); \
  ASSERT_TRUE(variable)

class Newer : public DeviceTest {
 protected:
  template <class Function>
  Function* function(const char* name) {
    void* address = nullptr;
    EXPECT_ZE(ZE(zeDriverGetExtensionFunctionAddress)(driver_, name, &address)) << name;
    return reinterpret_cast<Function*>(address);
  }

  void TearDown() override {
    for (ze_command_list_handle_t list : lists_) EXPECT_ZE(ZE(zeCommandListDestroy)(list));
    for (ze_event_handle_t event : events_) EXPECT_ZE(ZE(zeEventDestroy)(event));
    for (ze_event_pool_handle_t pool : pools_) EXPECT_ZE(ZE(zeEventPoolDestroy)(pool));
    if (queue_) EXPECT_ZE(ZE(zeCommandQueueDestroy)(queue_));
    DeviceTest::TearDown();
  }

  ze_command_list_handle_t regular_list(const void* chain = nullptr, ze_command_list_flags_t flags = 0) {
    const ze_command_list_desc_t desc{ZE_STRUCTURE_TYPE_COMMAND_LIST_DESC, chain, 0, flags};
    ze_command_list_handle_t made = nullptr;
    EXPECT_ZE(ZE(zeCommandListCreate)(context_, device_, &desc, &made));
    lists_.push_back(made);
    return made;
  }

  ze_command_list_handle_t asynchronous_list(ze_command_queue_flags_t flags = 0) {
    ze_command_queue_desc_t desc{};
    desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
    desc.flags = flags;
    desc.mode = ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS;
    return immediate_list(desc);
  }

  ze_command_list_handle_t immediate_list(const ze_command_queue_desc_t& desc) {
    ze_command_list_handle_t made = nullptr;
    EXPECT_ZE(ZE(zeCommandListCreateImmediate)(context_, device_, &desc, &made));
    lists_.push_back(made);
    return made;
  }

  std::vector<ze_event_handle_t> events(uint32_t count, const void* chain = nullptr,
                                        ze_event_pool_flags_t flags = ZE_EVENT_POOL_FLAG_HOST_VISIBLE) {
    const ze_event_pool_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_POOL_DESC, chain, flags, count};
    ze_event_pool_handle_t pool = nullptr;
    EXPECT_ZE(ZE(zeEventPoolCreate)(context_, &desc, 1, &device_, &pool));
    pools_.push_back(pool);
    std::vector<ze_event_handle_t> made(count);
    for (uint32_t i = 0; i < count; ++i) {
      const ze_event_desc_t event{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, i, 0, 0};
      EXPECT_ZE(ZE(zeEventCreate)(pool, &event, &made[i]));
      events_.push_back(made[i]);
    }
    return made;
  }

  /// Closes and executes the list, and waits.
  void execute(ze_command_list_handle_t list) {
    if (!queue_) {
      ze_command_queue_desc_t desc{};
      desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
      ASSERT_ZE(ZE(zeCommandQueueCreate)(context_, device_, &desc, &queue_));
    }
    ASSERT_ZE(ZE(zeCommandListClose)(list));
    ASSERT_ZE(ZE(zeCommandQueueExecuteCommandLists)(queue_, 1, &list, nullptr));
    ASSERT_ZE(ZE(zeCommandQueueSynchronize)(queue_, UINT64_MAX));
  }

  ze_command_queue_handle_t queue_ = nullptr;

 private:
  std::vector<ze_command_list_handle_t> lists_;
  std::vector<ze_event_handle_t> events_;
  std::vector<ze_event_pool_handle_t> pools_;
};

}  // namespace metate::test
