// counting_event – events without a pool, which count their signals.
#include <utility>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/event.h"
#include "runtime/ze_software/refusals.h"

namespace metate::ze_software {
namespace {

constexpr uint32_t kLists = newer::kCounterImmediate | newer::kCounterNonImmediate;
constexpr uint32_t kTimes = newer::kCounterDeviceTimestamp | newer::kCounterHostTimestamp;
constexpr uint32_t kKnownFlags =
    kLists | kTimes | newer::kCounterHostVisible | newer::kCounterIpc | newer::kCounterGraphExternal;

/// Where the descriptor's chain wants the event to count; `outside` stays as it is where it wants nothing.
ze_result_t read_outer_counter(const void* chain, Outside& outside) {
  const auto* raised = find_extension<const newer::ze_event_counter_based_external_sync_allocation_desc_t>(
      chain, newer::kRaisedCounterDesc);
  const auto* added_to = find_extension<const newer::ze_event_counter_based_external_aggregate_storage_desc_t>(
      chain, newer::kAggregateCounterDesc);
  const auto* mode = find_extension<const newer::ze_event_sync_mode_desc_t>(chain, newer::kSyncModeDesc);
  if (mode && mode->syncModeFlags & ~newer::kSyncHints) return refuse(kNoInterrupts);
  if (raised && added_to) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  auto is_counter = [](const uint64_t* address) { return address && reinterpret_cast<uintptr_t>(address) % 8 == 0; };
  if (raised) {
    if (!is_counter(raised->deviceAddress) || !is_counter(raised->hostAddress)) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    outside.state =
        std::make_unique<ProgramCounter>(raised->deviceAddress, raised->hostAddress, 0, raised->completionValue);
    outside.until_signalled = true;
  }
  if (added_to) {
    if (!is_counter(added_to->deviceAddress) || added_to->incrementValue == 0) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    outside.state = std::make_unique<ProgramCounter>(added_to->deviceAddress, added_to->deviceAddress,
                                                     added_to->incrementValue, added_to->completionValue);
  }
  return ZE_RESULT_SUCCESS;
}

}  // namespace

ze_result_t zeEventCounterBasedCreate(ze_context_handle_t context, ze_device_handle_t device,
                                      const newer::ze_event_counter_based_desc_t* desc, ze_event_handle_t* event) {
  if (ze_result_t bad = require({context, device}, {desc, event})) return bad;
  if (desc->flags & ~kKnownFlags || (desc->signal | desc->wait) & ~kKnownScopes) {
    return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  }
  if ((desc->flags & kTimes) == kTimes) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  const uint32_t flags = desc->flags & kLists ? desc->flags : desc->flags | newer::kCounterImmediate;
  Outside outside;
  if (ze_result_t bad = read_outer_counter(desc->pNext, outside)) return bad;
  if (flags & newer::kCounterIpc) {
    if (outside.state) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    const std::unique_ptr<SharedSignals> signals = SharedSignals::create(1, flags);
    if (!signals) return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
    outside.state = std::make_unique<SharedState>(signals->at(0), true);
    outside.file = signals->file();
  }
  *event = new Event({nullptr, desc->signal, desc->wait, flags}, std::move(outside));
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventGetCounterBasedFlags(ze_event_handle_t event, uint32_t* flags) {
  if (ze_result_t bad = require({event}, {flags})) return bad;
  *flags = event_of(event).traits().counter_flags;
  return ZE_RESULT_SUCCESS;
}

/// Whoever looks at the number there sees when it is as large as the value.
ze_result_t zeEventCounterBasedGetDeviceAddress(ze_event_handle_t event, uint64_t* value, uint64_t* address) {
  if (ze_result_t bad = require({event}, {value, address})) return bad;
  if (!event_of(event).counts()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  const Event::Counter counter = event_of(event).counter();
  *value = counter.done;
  *address = reinterpret_cast<uintptr_t>(counter.address);
  return ZE_RESULT_SUCCESS;
}

/// What an append adds, which is one operation here.
ze_result_t zeDeviceGetAggregatedCopyOffloadIncrementValue(ze_device_handle_t device, uint32_t* increment) {
  if (ze_result_t bad = require({device}, {increment})) return bad;
  *increment = 1;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetCounterBasedEventMaxValue(ze_device_handle_t device, uint64_t* value) {
  if (ze_result_t bad = require({device}, {value})) return bad;
  *value = UINT64_MAX;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventCounterBasedGetIpcHandle(ze_event_handle_t event,
                                            newer::ze_ipc_event_counter_based_handle_t* handle) {
  if (ze_result_t bad = require({event}, {handle})) return bad;
  if (event_of(event).traits().counter_flags & kTimes) {
    return explain_error(ZE_RESULT_ERROR_INVALID_ARGUMENT, "events with times are not sent to other processes");
  }
  const std::shared_ptr<SharedFile>& file = event_of(event).outside().file;
  if (!file) {
    return explain_error(ZE_RESULT_ERROR_INVALID_ARGUMENT,
                         "the event was made without ZE_EVENT_COUNTER_BASED_FLAG_IPC");
  }
  write_ipc_handle(*file, IpcKind::kEvent, handle->data);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventCounterBasedOpenIpcHandle(ze_context_handle_t context,
                                             newer::ze_ipc_event_counter_based_handle_t handle,
                                             ze_event_handle_t* event) {
  if (ze_result_t bad = require({context}, {event})) return bad;
  std::shared_ptr<SharedFile> file = open_ipc_handle(handle.data, IpcKind::kEvent);
  const std::unique_ptr<SharedSignals> signals = file ? SharedSignals::open(std::move(file)) : nullptr;
  if (!signals) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  const uint32_t flags = (signals->flags() & kKnownFlags) | newer::kCounterIpc;
  *event = new Event({nullptr, 0, 0, flags},
                     {.state = std::make_unique<OpenedState>(signals->at(0)), .until_signalled = true, .opened = true});
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventCounterBasedCloseIpcHandle(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  if (!event_of(event).outside().opened) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  delete static_cast<Event*>(event);
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
