#include "runtime/ze_software/event.h"

#include "runtime/ze_software/device.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {
namespace {

Event& event_of(ze_event_handle_t handle) { return *static_cast<Event*>(handle); }

constexpr ze_event_scope_flags_t kKnownScopes =
    ZE_EVENT_SCOPE_FLAG_SUBDEVICE | ZE_EVENT_SCOPE_FLAG_DEVICE | ZE_EVENT_SCOPE_FLAG_HOST;

}  // namespace

void Event::signal(uint64_t start, uint64_t end, ze_result_t result) {
  std::lock_guard lock(mutex_);
  signalled_ = true;
  result_ = result;
  start_ = start;
  end_ = end;
  producer_ = nullptr;
  // Under the lock: a waiter that sees the signal may destroy the event at once.
  changed_.notify_all();
}

void Event::reset() {
  std::lock_guard lock(mutex_);
  signalled_ = false;
  result_ = ZE_RESULT_SUCCESS;
}

ze_result_t Event::wait(uint64_t timeout) {
  std::unique_lock lock(mutex_);
  if (!signalled_ && timeout == UINT64_MAX && producer_) {
    std::shared_ptr<Stream> producer = producer_;
    lock.unlock();
    producer->help_until([this] { return is_signalled(); });
    producer = nullptr;
    lock.lock();
  }
  if (!wait_until(changed_, lock, timeout, [this] { return signalled_; })) return ZE_RESULT_NOT_READY;
  return result_;
}

bool Event::is_signalled() {
  std::lock_guard lock(mutex_);
  return signalled_;
}

ze_result_t Event::read_timestamps(ze_kernel_timestamp_result_t* result) {
  std::lock_guard lock(mutex_);
  if (!signalled_) return ZE_RESULT_NOT_READY;
  result->global = {start_, end_};
  result->context = {start_, end_};
  return ZE_RESULT_SUCCESS;
}

void Event::set_producer(std::shared_ptr<Stream> stream) {
  std::lock_guard lock(mutex_);
  producer_ = std::move(stream);
}

ze_result_t zeEventPoolCreate(ze_context_handle_t context, const ze_event_pool_desc_t* desc, uint32_t device_count,
                              ze_device_handle_t* devices, ze_event_pool_handle_t* pool) {
  if (ze_result_t bad = require({context}, {desc, pool})) return bad;
  constexpr ze_event_pool_flags_t known =
      ZE_EVENT_POOL_FLAG_HOST_VISIBLE | ZE_EVENT_POOL_FLAG_IPC | ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP;
  if (desc->flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->flags & ZE_EVENT_POOL_FLAG_IPC) return ZE_RESULT_ERROR_UNSUPPORTED_FEATURE;
  if (desc->count == 0 || (device_count && !devices)) return ZE_RESULT_ERROR_INVALID_SIZE;
  *pool = new EventPool(desc->count);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventPoolDestroy(ze_event_pool_handle_t pool) {
  if (ze_result_t bad = require({pool})) return bad;
  delete static_cast<EventPool*>(pool);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventCreate(ze_event_pool_handle_t pool, const ze_event_desc_t* desc, ze_event_handle_t* event) {
  if (ze_result_t bad = require({pool}, {desc, event})) return bad;
  if ((desc->signal | desc->wait) & ~kKnownScopes) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->index >= static_cast<EventPool*>(pool)->capacity) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  *event = new Event;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventDestroy(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  delete static_cast<Event*>(event);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventHostSignal(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  const uint64_t now = timestamp_now();
  event_of(event).signal(now, now);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventHostSynchronize(ze_event_handle_t event, uint64_t timeout) {
  if (ze_result_t bad = require({event})) return bad;
  return event_of(event).wait(timeout);
}

ze_result_t zeEventQueryStatus(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  return event_of(event).wait(0);
}

ze_result_t zeEventHostReset(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  event_of(event).reset();
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventQueryKernelTimestamp(ze_event_handle_t event, ze_kernel_timestamp_result_t* result) {
  if (ze_result_t bad = require({event}, {result})) return bad;
  return event_of(event).read_timestamps(result);
}

ze_result_t zeEventQueryTimestampsExp(ze_event_handle_t event, ze_device_handle_t device, uint32_t* count,
                                      ze_kernel_timestamp_result_t* timestamps) {
  if (ze_result_t bad = require({event, device}, {count})) return bad;
  if (*count == 0 || *count > 1) *count = 1;
  return timestamps ? event_of(event).read_timestamps(timestamps) : ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
