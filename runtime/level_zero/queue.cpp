#include "runtime/level_zero/queue.h"

#include <vector>

#include "runtime/base/trace.h"
#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/driver_messages.h"
#include "runtime/level_zero/error.h"
#include "runtime/level_zero/functions.h"

namespace metate::level_zero {
namespace {

/// The API's form of an event to signal and events to wait for.
struct Dependencies {
  ze_event_handle_t signal;
  std::vector<ze_event_handle_t> waits;

  Dependencies(const Event& event, std::span<const Event> awaited) : signal(event ? event.handle() : nullptr) {
    for (const Event& wait : awaited) waits.push_back(wait.handle());
  }
  uint32_t count() const { return static_cast<uint32_t>(waits.size()); }
  ze_event_handle_t* list() { return waits.empty() ? nullptr : waits.data(); }
};

int64_t items_of(const Extent3& groups, const Extent3& size) {
  int64_t items = 1;
  for (size_t axis = 0; axis < groups.size(); ++axis) items *= int64_t{groups[axis]} * size[axis];
  return items;
}

}  // namespace

base::Result<Queue> Queue::make(std::shared_ptr<Device> device, QueueMode mode, QueueOrder order) {
  const Functions& f = device->functions();
  ze_command_queue_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  desc.mode = mode == QueueMode::kBlocking ? ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS : ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS;
  ze_command_list_handle_t made = nullptr;
  if (auto bad = check("zeCommandListCreateImmediate",
                       f.zeCommandListCreateImmediate(device->context(), device->handle(), &desc, &made));
      !bad) {
    return bad.take_error();
  }
  Queue queue;
  queue.list_ = CommandListHandle(made, Release{&f});
  queue.device_ = std::move(device);
  queue.mode_ = mode;
  queue.order_ = order;
  return queue;
}

/// API 1.4 promises no order between the commands of an immediate list; a barrier makes one.
base::Status Queue::separate() {
  if (mode_ == QueueMode::kBlocking || order_ == QueueOrder::kOutOfOrder) return base::Success{};
  return check("zeCommandListAppendBarrier",
               device_->functions().zeCommandListAppendBarrier(list_.get(), nullptr, 0, nullptr));
}

base::Status Queue::launch(const Kernel& kernel, const LaunchSizes& sizes, std::span<const Argument> arguments,
                           const Event& signal, std::span<const Event> waits) {
  base::TimedSpan span(base::SpanKind::kLaunch, mode_ == QueueMode::kBlocking ? "launch" : "submit", kernel.name(),
                       base::is_traced() ? items_of(sizes.group_counts, sizes.group_size) : 0);
  const Functions& f = device_->functions();
  base::Result<Kernel::Lease> object = kernel.lease();
  if (!object) return object.take_error();
  ze_kernel_handle_t handle = object->handle();
  const auto& [width, height, depth] = sizes.group_size;
  if (auto bad = check("zeKernelSetGroupSize", f.zeKernelSetGroupSize(handle, width, height, depth)); !bad) return bad;
  // An extension (ZE_experimental_global_offset): drivers without it are asked only where it matters.
  if (sizes.offset != (*object)->offset) {
    const auto& [x, y, z] = sizes.offset;
    if (auto bad = check("zeKernelSetGlobalOffsetExp", f.zeKernelSetGlobalOffsetExp(handle, x, y, z)); !bad) return bad;
    (*object)->offset = sizes.offset;
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    const ze_result_t result =
        f.zeKernelSetArgumentValue(handle, static_cast<uint32_t>(i), arguments[i].size, arguments[i].value);
    if (result == ZE_RESULT_SUCCESS) continue;
    base::Error error = call_error("zeKernelSetArgumentValue", result);
    error.message += ": argument " + std::to_string(i) + " of kernel '" + kernel.name() + "'";
    return error;
  }
  std::lock_guard lock(*mutex_);
  if (base::Status bad = separate(); !bad) return bad;
  const ze_group_count_t groups{sizes.group_counts[0], sizes.group_counts[1], sizes.group_counts[2]};
  Dependencies dependencies(signal, waits);
  const ze_result_t result = f.zeCommandListAppendLaunchKernel(list_.get(), handle, &groups, dependencies.signal,
                                                               dependencies.count(), dependencies.list());
  if (result == ZE_RESULT_SUCCESS) return base::Success{};
  base::Error error = call_error("zeCommandListAppendLaunchKernel", result);
  add_driver_message(error);
  return error;
}

base::Status Queue::copy(void* target, const void* source, size_t bytes, const Event& signal,
                         std::span<const Event> waits) {
  std::lock_guard lock(*mutex_);
  if (base::Status bad = separate(); !bad) return bad;
  Dependencies dependencies(signal, waits);
  return check("zeCommandListAppendMemoryCopy",
               device_->functions().zeCommandListAppendMemoryCopy(
                   list_.get(), target, source, bytes, dependencies.signal, dependencies.count(), dependencies.list()));
}

base::Status Queue::fill(void* target, std::span<const std::byte> pattern, size_t bytes, const Event& signal,
                         std::span<const Event> waits) {
  std::lock_guard lock(*mutex_);
  if (base::Status bad = separate(); !bad) return bad;
  Dependencies dependencies(signal, waits);
  return check("zeCommandListAppendMemoryFill", device_->functions().zeCommandListAppendMemoryFill(
                                                    list_.get(), target, pattern.data(), pattern.size(), bytes,
                                                    dependencies.signal, dependencies.count(), dependencies.list()));
}

base::Status Queue::prefetch(const void* data, size_t bytes) {
  std::lock_guard lock(*mutex_);
  return check("zeCommandListAppendMemoryPrefetch",
               device_->functions().zeCommandListAppendMemoryPrefetch(list_.get(), data, bytes));
}

base::Status Queue::advise(const void* data, size_t bytes, uint32_t advice) {
  std::lock_guard lock(*mutex_);
  return check("zeCommandListAppendMemAdvise",
               device_->functions().zeCommandListAppendMemAdvise(list_.get(), device_->handle(), data, bytes,
                                                                 static_cast<ze_memory_advice_t>(advice)));
}

base::Status Queue::barrier(const Event& signal, std::span<const Event> waits) {
  std::lock_guard lock(*mutex_);
  Dependencies dependencies(signal, waits);
  return check("zeCommandListAppendBarrier",
               device_->functions().zeCommandListAppendBarrier(list_.get(), dependencies.signal, dependencies.count(),
                                                               dependencies.list()));
}

base::Status Queue::wait() {
  if (mode_ == QueueMode::kBlocking) return base::Success{};
  base::Result<Event> done = device_->events().make();
  if (!done) return done.take_error();
  {
    std::lock_guard lock(*mutex_);
    if (auto bad = check("zeCommandListAppendBarrier",
                         device_->functions().zeCommandListAppendBarrier(list_.get(), done->handle(), 0, nullptr));
        !bad) {
      return bad;
    }
  }
  return done->wait();
}

}  // namespace metate::level_zero
