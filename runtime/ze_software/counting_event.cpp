// counting_event – events without a pool, which count their signals.
#include <utility>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/event.h"
#include "runtime/ze_software/refusals.h"

namespace metate::ze_software {
namespace {

Event& event_of(ze_event_handle_t handle) { return *static_cast<Event*>(handle); }

constexpr uint32_t kLists = newer::kCounterImmediate | newer::kCounterNonImmediate;
constexpr uint32_t kTimes = newer::kCounterDeviceTimestamp | newer::kCounterHostTimestamp;
constexpr uint32_t kKnownFlags =
    kLists | kTimes | newer::kCounterHostVisible | newer::kCounterIpc | newer::kCounterGraphExternal;

}  // namespace

ze_result_t zeEventCounterBasedCreate(ze_context_handle_t context, ze_device_handle_t device,
                                      const newer::ze_event_counter_based_desc_t* desc, ze_event_handle_t* event) {
  if (ze_result_t bad = require({context, device}, {desc, event})) return bad;
  if (desc->flags & ~kKnownFlags || (desc->signal | desc->wait) & ~kKnownScopes) {
    return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  }
  if ((desc->flags & kTimes) == kTimes) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (desc->pNext) return refuse(kNoOuterCounters);
  const uint32_t flags = desc->flags & kLists ? desc->flags : desc->flags | newer::kCounterImmediate;
  OutsideState outside;
  if (flags & newer::kCounterIpc) {
    const std::unique_ptr<SharedSignals> signals = SharedSignals::create(1, flags);
    if (!signals) return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
    outside = {signals->at(0), signals->file()};
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
  *value = event_of(event).submitted();
  *address = reinterpret_cast<uintptr_t>(&event_of(event).counter());
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventCounterBasedGetIpcHandle(ze_event_handle_t event,
                                            newer::ze_ipc_event_counter_based_handle_t* handle) {
  if (ze_result_t bad = require({event}, {handle})) return bad;
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
  const std::unique_ptr<SharedSignals> signals = file ? SharedSignals::open(file) : nullptr;
  if (!signals) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  const uint32_t flags = (signals->flags() & kKnownFlags) | newer::kCounterIpc;
  *event = new Event({nullptr, 0, 0, flags}, {signals->at(0), std::move(file), true});
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventCounterBasedCloseIpcHandle(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  if (!event_of(event).outside().opened) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  delete static_cast<Event*>(event);
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
