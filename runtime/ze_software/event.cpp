#include "runtime/ze_software/event.h"

#include "runtime/ze_software/device.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/newer_api.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {
namespace {

Event& event_of(ze_event_handle_t handle) { return *static_cast<Event*>(handle); }

constexpr ze_event_scope_flags_t kKnownScopes =
    ZE_EVENT_SCOPE_FLAG_SUBDEVICE | ZE_EVENT_SCOPE_FLAG_DEVICE | ZE_EVENT_SCOPE_FLAG_HOST;

constexpr ze_event_pool_counter_based_exp_flags_t kCounterFlags =
    ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_IMMEDIATE | ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_NON_IMMEDIATE;

}  // namespace

void Event::signal(uint64_t start, uint64_t end, ze_result_t result) {
  std::lock_guard lock(mutex_);
  signalled_ = true;
  ++completed_;
  result_ = result;
  start_ = start;
  end_ = end;
  if (is_signalled()) producer_ = nullptr;
  // Under the lock: a waiter that sees the signal may destroy the event at once.
  changed_.notify_all();
}

void Event::reset() {
  std::lock_guard lock(mutex_);
  signalled_ = false;
  result_ = ZE_RESULT_SUCCESS;
}

template <class Done>
ze_result_t Event::wait_until_done(uint64_t timeout, Done done) {
  std::unique_lock lock(mutex_);
  if (!done() && timeout == UINT64_MAX && producer_) {
    std::shared_ptr<Stream> producer = producer_;
    lock.unlock();
    producer->help_until([&] {
      std::lock_guard again(mutex_);
      return done();
    });
    producer = nullptr;
    lock.lock();
  }
  if (!wait_until(changed_, lock, timeout, done)) return ZE_RESULT_NOT_READY;
  return result_;
}

ze_result_t Event::wait(uint64_t timeout) {
  return wait_until_done(timeout, [this] { return is_signalled(); });
}

ze_result_t Event::wait_for_count(uint64_t count, uint64_t timeout) {
  return wait_until_done(timeout, [this, count] { return completed_ >= count; });
}

uint64_t Event::submitted() {
  std::lock_guard lock(mutex_);
  return submitted_;
}

ze_result_t Event::read_timestamps(ze_kernel_timestamp_result_t* result) {
  std::lock_guard lock(mutex_);
  if (!is_signalled()) return ZE_RESULT_NOT_READY;
  result->global = {start_, end_};
  result->context = {start_, end_};
  return ZE_RESULT_SUCCESS;
}

void Event::set_producer(std::shared_ptr<Stream> stream) {
  std::lock_guard lock(mutex_);
  ++submitted_;
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
  const auto* counting = find_extension<const ze_event_pool_counter_based_exp_desc_t>(
      desc->pNext, ZE_STRUCTURE_TYPE_COUNTER_BASED_EVENT_POOL_EXP_DESC);
  if (counting && counting->flags & ~kCounterFlags) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  *pool = new EventPool(desc->count, counting != nullptr);
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
  *event = new Event(static_cast<EventPool*>(pool)->counts);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventDestroy(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  delete static_cast<Event*>(event);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventHostSignal(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  if (event_of(event).counts()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
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
  if (event_of(event).counts()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
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
