#include "python/ext/command_pool.h"

#include "python/ext/kernel_print.h"
#include "runtime/abi/kernel_error.h"

namespace metate::ext {
namespace {

template <class T>
T take_last(std::vector<T>& idle) {
  T last = std::move(idle.back());
  idle.pop_back();
  return last;
}

}  // namespace

base::Result<level_zero::Event> CommandPool::event() {
  if (events_.empty()) return device_->events().make(timed_);
  return take_last(events_);
}

void CommandPool::give_back(level_zero::Event event) {
  // A copy means that a command which waits for it is being appended.
  if (events_.size() < kMost && !event.is_shared() && event.reset()) events_.push_back(std::move(event));
}

base::Result<level_zero::Allocation> CommandPool::error_memory(bool prints) {
  if (!prints && !error_memories_.empty()) {
    level_zero::Allocation memory = take_last(error_memories_);
    static_cast<abi::KernelErrors*>(memory.data())->first = abi::kNoKernelError;
    return memory;
  }
  const size_t bytes = sizeof(abi::KernelErrors) + (prints ? sizeof(abi::KernelPrints) : 0);
  auto memory = device_->memory().allocate(level_zero::MemoryKind::kShared, bytes, 0, level_zero::MemoryOwner::kLaunch);
  if (!memory) return memory;
  auto* errors = static_cast<abi::KernelErrors*>(memory->data());
  errors->first = abi::kNoKernelError;
  if (prints) clear(*prints_behind(*errors));
  return memory;
}

void CommandPool::give_back(level_zero::Allocation error_memory) {
  if (error_memories_.size() < kMost && error_memory.size() == sizeof(abi::KernelErrors))
    error_memories_.push_back(std::move(error_memory));
}

}  // namespace metate::ext
