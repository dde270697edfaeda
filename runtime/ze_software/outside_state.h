// outside_state – the state of events that is not their own alone: other processes see it, or the program's memory
// holds it.
#pragma once

#include <level_zero/ze_api.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "runtime/ze_software/shared_signal.h"

namespace metate::ze_software {

/// Safe to use from several threads.
class OutsideState {
 public:
  virtual ~OutsideState() = default;

  /// Another signal is submitted.
  virtual void announce() {}
  /// What the counter will be when those that are submitted have been given.
  virtual uint64_t submitted() const = 0;
  /// The event may be gone when this returns.
  virtual void signal(uint64_t start, uint64_t end, ze_result_t result) = 0;
  virtual void reset() {}
  /// In a forked child: the command that would have signalled it is not there. Where the parent signals it for both,
  /// nothing is to be done.
  virtual void lose() {}

  virtual bool has_reached(uint64_t count) const = 0;
  /// ZE_RESULT_NOT_READY when `timeout` nanoseconds passed (UINT64_MAX: never); else how the last command ended.
  virtual ze_result_t wait_for(uint64_t count, uint64_t timeout) = 0;
  virtual ze_kernel_timestamp_result_t times() const = 0;
  virtual const void* counter() const = 0;
};

/// In memory of several processes.
class SharedState : public OutsideState {
 public:
  SharedState(std::shared_ptr<SharedSignal> signal, bool counts) : signal_(std::move(signal)), counts_(counts) {}

  void announce() override;
  uint64_t submitted() const override { return counts_ ? signal_->submitted() : 1; }
  void signal(uint64_t start, uint64_t end, ze_result_t result) override;
  void reset() override { signal_->reset(); }
  bool has_reached(uint64_t count) const override { return signal_->has_reached(count); }
  ze_result_t wait_for(uint64_t count, uint64_t timeout) override { return signal_->wait_for(count, timeout); }
  ze_kernel_timestamp_result_t times() const override { return signal_->times(); }
  const void* counter() const override { return &signal_->counter(); }

 private:
  const std::shared_ptr<SharedSignal> signal_;
  const bool counts_;
  std::atomic<int> announced_by_ = 0;  // the process that submitted the last signal
};

/// The same, as it was when it was opened: what is submitted later does not count.
class OpenedState final : public SharedState {
 public:
  explicit OpenedState(std::shared_ptr<SharedSignal> signal)
      : SharedState(signal, true), submitted_(signal->submitted()) {}

  uint64_t submitted() const override { return submitted_; }

 private:
  const uint64_t submitted_;
};

/// In memory of the program, which raises it to `done` or lets each signal add `increment` to it.
class ProgramCounter final : public OutsideState {
 public:
  /// Done where one of the addresses is; they may be the same.
  ProgramCounter(uint64_t* address, uint64_t* other_address, uint64_t increment, uint64_t done)
      : address_(address), other_address_(other_address), increment_(increment), done_(done) {}

  uint64_t submitted() const override { return done_; }
  void signal(uint64_t start, uint64_t end, ze_result_t result) override;
  void lose() override;
  bool has_reached(uint64_t count) const override;
  ze_result_t wait_for(uint64_t count, uint64_t timeout) override;
  ze_kernel_timestamp_result_t times() const override;
  const void* counter() const override { return address_; }

 private:
  uint64_t* const address_;
  uint64_t* const other_address_;
  const uint64_t increment_, done_;
  std::atomic<uint64_t> start_ = 0, end_ = 0;
  std::atomic<ze_result_t> result_ = ZE_RESULT_SUCCESS;
};

}  // namespace metate::ze_software
