#include "runtime/level_zero/events.h"

#include <atomic>
#include <cmath>

#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/error.h"
#include "runtime/level_zero/functions.h"

namespace metate::level_zero {
namespace {

constexpr uint32_t kBatch = 64;

}  // namespace

struct Event::Shared {
  const Device& device;
  EventPool& pool;
  EventHandle handle;
  const bool timed;
  std::atomic<uint32_t> count = 0;

  Shared(const Device& device, EventPool& pool, EventHandle handle, bool timed)
      : device(device), pool(pool), handle(std::move(handle)), timed(timed) {}
};

Event::Event(const Event& other) : shared_(other.shared_) {
  if (shared_) shared_->count.fetch_add(1, std::memory_order_relaxed);
}

void Event::release() {
  if (shared_->count.fetch_sub(1, std::memory_order_acq_rel) == 1)
    shared_->pool.give_back(std::unique_ptr<Shared>(shared_));
}

_ze_event_handle_t* Event::handle() const { return shared_->handle.get(); }

const Device& Event::device() const { return shared_->device; }

base::Status Event::wait() const {
  return check("zeEventHostSynchronize",
               shared_->device.functions().zeEventHostSynchronize(shared_->handle.get(), UINT64_MAX));
}

base::Result<bool> Event::wait_for(uint64_t nanoseconds) const {
  const ze_result_t result = shared_->device.functions().zeEventHostSynchronize(shared_->handle.get(), nanoseconds);
  if (result == ZE_RESULT_NOT_READY) return false;
  if (result != ZE_RESULT_SUCCESS) return call_error("zeEventHostSynchronize", result);
  return true;
}

base::Status Event::reset() const {
  return check("zeEventHostReset", shared_->device.functions().zeEventHostReset(shared_->handle.get()));
}

bool Event::is_shared() const { return shared_->count.load(std::memory_order_acquire) > 1; }

base::Result<CommandTimes> Event::times() const {
  ze_kernel_timestamp_result_t ticks{};
  const ze_result_t result = shared_->device.functions().zeEventQueryKernelTimestamp(shared_->handle.get(), &ticks);
  if (result != ZE_RESULT_SUCCESS) return call_error("zeEventQueryKernelTimestamp", result);
  const DeviceProperties& properties = shared_->device.properties();
  auto end = static_cast<double>(ticks.global.kernelEnd);
  // The clock may have begun at 0 again meanwhile.
  if (ticks.global.kernelEnd < ticks.global.kernelStart) end += std::exp2(properties.timestamp_bits);
  return CommandTimes{static_cast<double>(ticks.global.kernelStart) * properties.timestamp_nanoseconds,
                      end * properties.timestamp_nanoseconds};
}

EventPool::EventPool(const Device& device) : device_(device) {}
EventPool::~EventPool() = default;

base::Result<Event> EventPool::make(bool timed) {
  std::lock_guard lock(mutex_);
  std::vector<std::unique_ptr<Event::Shared>>& idle = idle_[timed];
  if (idle.empty()) {
    if (base::Status grown = grow(timed); !grown) return grown.take_error();
  }
  Event::Shared* const event = idle.back().release();
  idle.pop_back();
  event->count.store(1, std::memory_order_relaxed);
  return Event(event);
}

base::Status EventPool::grow(bool timed) {
  const Functions& f = device_.functions();
  ze_event_pool_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_EVENT_POOL_DESC;
  desc.flags = ZE_EVENT_POOL_FLAG_HOST_VISIBLE;
  if (timed) desc.flags |= ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP;
  desc.count = kBatch;
  ze_device_handle_t device = device_.handle();
  ze_event_pool_handle_t made = nullptr;
  if (auto bad = check("zeEventPoolCreate", f.zeEventPoolCreate(device_.context(), &desc, 1, &device, &made)); !bad) {
    return bad;
  }
  EventPoolHandle pool(made, Release{&f});
  std::vector<std::unique_ptr<Event::Shared>> events;
  for (uint32_t i = 0; i < kBatch; ++i) {
    const ze_event_desc_t event_desc{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, i, ZE_EVENT_SCOPE_FLAG_HOST,
                                     ZE_EVENT_SCOPE_FLAG_HOST};
    ze_event_handle_t event = nullptr;
    if (auto bad = check("zeEventCreate", f.zeEventCreate(made, &event_desc, &event)); !bad) return bad;
    events.push_back(std::make_unique<Event::Shared>(device_, *this, EventHandle(event, Release{&f}), timed));
  }
  pools_.push_back(std::move(pool));
  idle_[timed] = std::move(events);
  return base::Success{};
}

void EventPool::give_back(std::unique_ptr<Event::Shared> event) {
  // One that cannot be reset is of no more use.
  if (device_.functions().zeEventHostReset(event->handle.get()) != ZE_RESULT_SUCCESS) return;
  std::lock_guard lock(mutex_);
  std::vector<std::unique_ptr<Event::Shared>>& idle = idle_[event->timed];
  idle.push_back(std::move(event));
}

}  // namespace metate::level_zero
