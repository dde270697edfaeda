// command_pool – what each command of a queue needs for itself: an event and, for a launch, memory for errors.
#pragma once

#include <memory>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/events.h"
#include "runtime/level_zero/memory.h"

namespace metate::ext {

/// Keeps what is no longer used for the next commands. The GIL is its lock: the device's own pools, where it comes from
/// and goes to in the end, take several of theirs for each command.
class CommandPool {
 public:
  /// `timed`: its events tell when commands began and ended.
  CommandPool(std::shared_ptr<level_zero::Device> device, bool timed) : device_(std::move(device)), timed_(timed) {}

  const std::shared_ptr<level_zero::Device>& device() const { return device_; }

  /// An event that is not signalled.
  base::Result<level_zero::Event> event();
  /// No command that was to signal it is under way.
  void give_back(level_zero::Event event);

  /// Memory in which the work-items of one launch say what they raise (abi::KernelErrors) and, if their kernel
  /// `prints`, what they print (abi::KernelPrints, behind the errors).
  base::Result<level_zero::Allocation> error_memory(bool prints = false);
  void give_back(level_zero::Allocation error_memory);

 private:
  static constexpr size_t kMost = 256;  // of each

  std::shared_ptr<level_zero::Device> device_;  // before what lies on it
  const bool timed_;
  std::vector<level_zero::Event> events_;
  std::vector<level_zero::Allocation> error_memories_;  // of kernels that do not print
};

}  // namespace metate::ext
