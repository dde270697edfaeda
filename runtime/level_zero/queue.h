// queue – work for a device: launches, copies and fills, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/level_zero/events.h"
#include "runtime/level_zero/handles.h"
#include "runtime/level_zero/module.h"

namespace metate::level_zero {

class Device;

/// One argument of a launch: its bytes, or so many bytes of the group's local memory (`value` is null).
struct Argument {
  const void* value = nullptr;
  size_t size = 0;

  template <class T>
  static Argument of(const T& value) {
    return {&value, sizeof(T)};
  }
  static Argument local(size_t bytes) { return {nullptr, bytes}; }
};

/// Which work-items a launch has.
struct LaunchSizes {
  Extent3 group_counts;
  Extent3 group_size;
  Extent3 offset{};  // added to every global id
};

enum class QueueMode : uint8_t {
  kBlocking,  // a call returns when its command is done; failures come back from it
  kAsync,     // a call returns at once; failures come back from wait(), or from the event
};

enum class QueueOrder : uint8_t {
  kInOrder,     // a command begins when the one before it is done
  kOutOfOrder,  // a command may begin when the events that it waits for are signalled
};

/// An immediate command list. Safe to use from several threads.
class METATE_API Queue {
 public:
  static base::Result<Queue> make(std::shared_ptr<Device> device, QueueMode mode,
                                  QueueOrder order = QueueOrder::kInOrder);

  const std::shared_ptr<Device>& device() const { return device_; }
  QueueMode mode() const { return mode_; }

  /// Each may wait for events first, and signal one when done.
  base::Status launch(const Kernel& kernel, const LaunchSizes& sizes, std::span<const Argument> arguments,
                      const Event& signal = {}, std::span<const Event> waits = {});
  base::Status copy(void* target, const void* source, size_t bytes, const Event& signal = {},
                    std::span<const Event> waits = {});
  base::Status fill(void* target, std::span<const std::byte> pattern, size_t bytes, const Event& signal = {},
                    std::span<const Event> waits = {});

  /// Hints, which a device need not follow. `advice` is one of ze_memory_advice_t.
  base::Status prefetch(const void* data, size_t bytes);
  base::Status advise(const void* data, size_t bytes, uint32_t advice);

  /// Is done when what was submitted before is, or, given `waits`, when those are signalled; what is submitted later
  /// begins behind it.
  base::Status barrier(const Event& signal = {}, std::span<const Event> waits = {});

  /// Waits for all that was submitted before.
  base::Status wait();

 private:
  base::Status separate();

  std::shared_ptr<Device> device_;  // before the handle, so that it goes last
  CommandListHandle list_;
  QueueMode mode_ = QueueMode::kBlocking;
  QueueOrder order_ = QueueOrder::kInOrder;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  // command lists are not for several threads
};

}  // namespace metate::level_zero
