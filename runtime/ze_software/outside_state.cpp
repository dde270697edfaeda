#include "runtime/ze_software/outside_state.h"

#include <unistd.h>

#include <chrono>
#include <thread>

#include "runtime/ze_software/execution_gate.h"

namespace metate::ze_software {
namespace {

using Clock = std::chrono::steady_clock;

/// Who looks at memory that anybody may write to does so all the time at first, and then now and then.
constexpr std::chrono::microseconds kAllTheTime(50), kNowAndThen(20);

}  // namespace

void SharedState::announce() {
  signal_->announce();
  announced_by_ = getpid();
}

void SharedState::signal(uint64_t start, uint64_t end, ze_result_t result) {
  // A forked child does not give the signals of its parent, which gives them too.
  if (counts_ && announced_by_ != getpid()) return;
  signal_.get()->signal(start, end, result);
}

void ProgramCounter::signal(uint64_t start, uint64_t end, ze_result_t result) {
  start_ = start;
  end_ = end;
  result_ = result;
  const OperationScope scope;
  std::atomic_ref(*address_).fetch_add(increment_);
}

/// The child has one thread, and what others held of the gate may not have been undone yet.
void ProgramCounter::lose() {
  result_ = ZE_RESULT_ERROR_DEVICE_LOST;
  std::atomic_ref(*address_).fetch_add(increment_);
}

bool ProgramCounter::has_reached(uint64_t count) const {
  return std::atomic_ref(*address_).load() >= count || std::atomic_ref(*other_address_).load() >= count;
}

ze_result_t ProgramCounter::wait_for(uint64_t count, uint64_t timeout) {
  const auto start = Clock::now();
  while (!has_reached(count)) {
    const std::chrono::nanoseconds passed = Clock::now() - start;
    if (static_cast<uint64_t>(passed.count()) >= timeout) return ZE_RESULT_NOT_READY;
    if (passed < kAllTheTime) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(kNowAndThen);
    }
  }
  return result_;
}

ze_kernel_timestamp_result_t ProgramCounter::times() const { return {{start_, end_}, {start_, end_}}; }

}  // namespace metate::ze_software
