#include "runtime/ze_software/event.h"

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/device.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/last_error.h"
#include "runtime/ze_software/newer_api.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {
namespace {

constexpr ze_event_pool_flags_t kPoolFlags =
    ZE_EVENT_POOL_FLAG_HOST_VISIBLE | ZE_EVENT_POOL_FLAG_IPC | ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP;

constexpr ze_event_pool_counter_based_exp_flags_t kCounterFlags =
    ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_IMMEDIATE | ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_NON_IMMEDIATE;
constexpr int kCounterFlagsShift = 16;  // in the flags of a shared pool

}  // namespace

void Event::signal(uint64_t start, uint64_t end, ze_result_t result) {
  if (signals_outside()) return signal_outside(start, end, result);
  if (!counts_ && !traits_.timed) {
    result_.store(result, std::memory_order_relaxed);
    State clear = State::kClear;
    if (state_.compare_exchange_strong(clear, State::kSignalled)) return;
  }
  std::lock_guard lock(mutex_);
  state_ = State::kSettled;
  ++completed_;
  result_ = result;
  start_ = start;
  end_ = end;
  if (is_signalled()) producer_ = nullptr;
  // Under the lock: a waiter that sees the signal may destroy the event at once.
  changed_.notify_all();
}

void Event::signal_outside(uint64_t start, uint64_t end, ze_result_t result) {
  {
    std::lock_guard lock(mutex_);
    if (++completed_ >= submitted_) producer_ = nullptr;
  }
  // A waiter that sees the signal may destroy the event at once.
  outside_.state->signal(start, end, result);
}

void Event::reset() {
  if (outside_.state) return outside_.state->reset();
  State signalled = State::kSignalled;
  if (state_.compare_exchange_strong(signalled, State::kClear)) return;
  std::lock_guard lock(mutex_);
  state_ = producer_ ? State::kExpected : State::kClear;
}

void Event::lose() {
  std::construct_at(&mutex_);  // that thread may have held it
  std::construct_at(&changed_);
  if (signals_outside()) return outside_.state->lose();
  if (!is_signalled()) signal(0, 0, ZE_RESULT_ERROR_DEVICE_LOST);
}

/// Under the lock, which a wait gives away only behind it: whether it is signalled. Else it will be under the lock.
bool Event::expect_signal() {
  State state = State::kClear;
  state_.compare_exchange_strong(state, State::kExpected);
  return counts_ ? is_signalled() : state >= State::kSignalled;
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

ze_result_t Event::wait_outside(uint64_t count, uint64_t timeout) {
  OutsideState& outside = *outside_.state;
  if (outside_.until_signalled) count = outside.submitted();
  std::shared_ptr<Stream> producer;
  if (timeout == UINT64_MAX && !outside.has_reached(count)) {
    std::lock_guard lock(mutex_);
    producer = producer_;
  }
  if (producer) producer->help_until([&] { return outside.has_reached(count); });
  return outside.wait_for(count, timeout);
}

ze_result_t Event::wait(uint64_t timeout) {
  if (outside_.state) return wait_for_count(submitted(), timeout);
  if (!counts_) {
    const State state = state_.load();
    if (state == State::kSignalled) return result_;
    if (state < State::kSignalled && timeout == 0) return ZE_RESULT_NOT_READY;
  }
  return wait_until_done(timeout, [this] { return expect_signal(); });
}

ze_result_t Event::wait_for_count(uint64_t count, uint64_t timeout) {
  if (is_outside(count)) return wait_outside(count, timeout);
  return wait_until_done(timeout, [this, count] { return completed_ >= count; });
}

uint64_t Event::submitted() {
  if (signals_outside()) return outside_.state->submitted();
  std::lock_guard lock(mutex_);
  return submitted_;
}

Event::Counter Event::counter() {
  const uint64_t count = submitted();
  if (is_outside(count)) return {outside_.state->counter(), outside_.state->submitted()};
  return {&completed_, count};
}

ze_result_t Event::read_timestamps(ze_kernel_timestamp_result_t* result) {
  if (!traits_.timed) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (const uint64_t count = submitted(); is_outside(count)) {
    if (wait_outside(count, 0) == ZE_RESULT_NOT_READY) return ZE_RESULT_NOT_READY;
    *result = outside_.state->times();
    return ZE_RESULT_SUCCESS;
  }
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
  if (signals_outside()) {
    if (counts_) outside_.state->announce();
    return;
  }
  // What signals it, or resets it, has to know of the producer.
  State state = State::kClear;
  if (state_.compare_exchange_strong(state, State::kExpected)) return;
  state = State::kSignalled;
  state_.compare_exchange_strong(state, State::kSettled);
}

ze_result_t zeEventPoolCreate(ze_context_handle_t context, const ze_event_pool_desc_t* desc, uint32_t device_count,
                              ze_device_handle_t* devices, ze_event_pool_handle_t* pool) {
  if (ze_result_t bad = require({context}, {desc, pool})) return bad;
  if (desc->flags & ~kPoolFlags) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->count == 0 || (device_count && !devices)) return ZE_RESULT_ERROR_INVALID_SIZE;
  const auto* counting = find_extension<const ze_event_pool_counter_based_exp_desc_t>(
      desc->pNext, ZE_STRUCTURE_TYPE_COUNTER_BASED_EVENT_POOL_EXP_DESC);
  if (counting && counting->flags & ~kCounterFlags) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  // The flags of pools and of events without one have the same bits; none is for immediate lists.
  const uint32_t counter_flags = !counting ? 0 : counting->flags ? counting->flags : newer::kCounterImmediate;
  std::unique_ptr<SharedSignals> signals;
  if (desc->flags & ZE_EVENT_POOL_FLAG_IPC) {
    signals = SharedSignals::create(desc->count, desc->flags | counter_flags << kCounterFlagsShift);
    if (!signals) return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
  }
  *pool = new EventPool{{}, context, desc->count, desc->flags, counter_flags, std::move(signals), false};
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventPoolDestroy(ze_event_pool_handle_t pool) {
  if (ze_result_t bad = require({pool})) return bad;
  if (static_cast<EventPool*>(pool)->opened) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  delete static_cast<EventPool*>(pool);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventPoolGetIpcHandle(ze_event_pool_handle_t pool, ze_ipc_event_pool_handle_t* handle) {
  if (ze_result_t bad = require({pool}, {handle})) return bad;
  const EventPool& shared = *static_cast<EventPool*>(pool);
  if (!shared.signals) {
    return explain_error(ZE_RESULT_ERROR_INVALID_ARGUMENT, "the pool was made without ZE_EVENT_POOL_FLAG_IPC");
  }
  static_cast<Context*>(shared.context)->ipc_handles.give(shared.signals->file(), IpcKind::kEventPool, handle->data);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventPoolPutIpcHandle(ze_context_handle_t context, ze_ipc_event_pool_handle_t handle) {
  if (ze_result_t bad = require({context})) return bad;
  const bool given = static_cast<Context*>(context)->ipc_handles.put_back(handle.data, IpcKind::kEventPool);
  return given ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

ze_result_t zeEventPoolOpenIpcHandle(ze_context_handle_t context, ze_ipc_event_pool_handle_t handle,
                                     ze_event_pool_handle_t* pool) {
  if (ze_result_t bad = require({context}, {pool})) return bad;
  std::shared_ptr<SharedFile> file = open_ipc_handle(handle.data, IpcKind::kEventPool);
  if (!file) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  std::unique_ptr<SharedSignals> signals = SharedSignals::open(std::move(file));
  if (!signals) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  const uint32_t count = signals->count();
  const uint32_t flags = signals->flags();
  *pool = new EventPool{
      {}, context, count, flags & kPoolFlags, flags >> kCounterFlagsShift & kCounterFlags, std::move(signals), true};
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventPoolCloseIpcHandle(ze_event_pool_handle_t pool) {
  if (ze_result_t bad = require({pool})) return bad;
  if (!static_cast<EventPool*>(pool)->opened) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  delete static_cast<EventPool*>(pool);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventCreate(ze_event_pool_handle_t pool, const ze_event_desc_t* desc, ze_event_handle_t* event) {
  if (ze_result_t bad = require({pool}, {desc, event})) return bad;
  if ((desc->signal | desc->wait) & ~kKnownScopes) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->index >= static_cast<EventPool*>(pool)->capacity) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  const EventPool& from = *static_cast<EventPool*>(pool);
  const bool timed = (from.flags & ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP) != 0;
  Outside outside;
  if (from.signals) {
    std::shared_ptr<SharedSignal> signal = from.signals->at(desc->index);
    if (!from.opened) signal->begin_anew();  // who opens the pool finds the events as they are
    outside.state = std::make_unique<SharedState>(std::move(signal), from.counter_flags != 0);
  }
  *event = new Event({pool, desc->signal, desc->wait, from.counter_flags, timed}, std::move(outside));
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventDestroy(ze_event_handle_t event) {
  if (ze_result_t bad = require({event})) return bad;
  if (event_of(event).outside().opened) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
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
  const bool read = answer_count(count, 1) && timestamps;
  return read ? event_of(event).read_timestamps(timestamps) : ZE_RESULT_SUCCESS;
}

/// The device counts as the host does, so both kinds of timestamps are the same.
ze_result_t zeEventQueryKernelTimestampsExt(ze_event_handle_t event, ze_device_handle_t device, uint32_t* count,
                                            newer::ze_event_query_kernel_timestamps_results_ext_properties_t* results) {
  if (ze_result_t bad = require({event, device}, {count})) return bad;
  if (!answer_count(count, 1) || !results) return ZE_RESULT_SUCCESS;
  ze_kernel_timestamp_result_t times{};
  if (ze_result_t bad = event_of(event).read_timestamps(&times)) return bad;
  if (results->pKernelTimestampsBuffer) *results->pKernelTimestampsBuffer = times;
  if (results->pSynchronizedTimestampsBuffer) {
    *results->pSynchronizedTimestampsBuffer = {{times.global.kernelStart, times.global.kernelEnd},
                                               {times.context.kernelStart, times.context.kernelEnd}};
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventPoolGetContextHandle(ze_event_pool_handle_t pool, ze_context_handle_t* context) {
  if (ze_result_t bad = require({pool}, {context})) return bad;
  *context = static_cast<EventPool*>(pool)->context;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventPoolGetFlags(ze_event_pool_handle_t pool, ze_event_pool_flags_t* flags) {
  if (ze_result_t bad = require({pool}, {flags})) return bad;
  *flags = static_cast<EventPool*>(pool)->flags;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventGetEventPool(ze_event_handle_t event, ze_event_pool_handle_t* pool) {
  if (ze_result_t bad = require({event}, {pool})) return bad;
  if (!event_of(event).traits().pool) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  *pool = event_of(event).traits().pool;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventGetSignalScope(ze_event_handle_t event, ze_event_scope_flags_t* scope) {
  if (ze_result_t bad = require({event}, {scope})) return bad;
  *scope = event_of(event).traits().signal;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeEventGetWaitScope(ze_event_handle_t event, ze_event_scope_flags_t* scope) {
  if (ze_result_t bad = require({event}, {scope})) return bad;
  *scope = event_of(event).traits().wait;
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
