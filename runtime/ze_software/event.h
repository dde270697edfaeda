// event – event pools, and events that commands and the host signal and wait for.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/outside_state.h"
#include "runtime/ze_software/shared_signal.h"

namespace metate::ze_software {

class Stream;

inline constexpr ze_event_scope_flags_t kKnownScopes =
    ZE_EVENT_SCOPE_FLAG_SUBDEVICE | ZE_EVENT_SCOPE_FLAG_DEVICE | ZE_EVENT_SCOPE_FLAG_HOST;

struct EventPool : _ze_event_pool_handle_t {
  ze_context_handle_t context;
  uint32_t capacity;
  ze_event_pool_flags_t flags;
  uint32_t counter_flags;                  // of its events
  std::unique_ptr<SharedSignals> signals;  // null: its events are of this process alone
  bool opened;                             // by a handle
};

/// What a program can ask an event for.
struct EventTraits {
  ze_event_pool_handle_t pool = nullptr;  // null: it has none
  ze_event_scope_flags_t signal = 0, wait = 0;
  uint32_t counter_flags = 0;  // as newer::CounterBasedFlag; 0: it does not count
  bool timed = true;           // it is told when the command that signals it began and ended
};

/// A state that is not the event's own alone; none: it is.
struct Outside {
  std::unique_ptr<OutsideState> state = nullptr;
  bool until_signalled = false;                // from the first command on that is to signal it, its own state counts
  std::shared_ptr<SharedFile> file = nullptr;  // of a state that is sent by itself
  bool opened = false;                         // by a handle of its own
};

/// An event that counts is never reset: it is signalled when the last command that was submitted to signal it is done,
/// and a command waits for the last one before its own submission. Safe to use from several threads: under a lock, or,
/// where an event neither counts nor keeps times and nobody waits for it before it is signalled, by its state alone.
/// One that other processes see, or that counts in the program's memory, has its state outside.
class Event : public _ze_event_handle_t {
 public:
  explicit Event(const EventTraits& traits, Outside outside = {})
      : traits_(traits), counts_(traits.counter_flags != 0), outside_(std::move(outside)) {}

  const EventTraits& traits() const { return traits_; }
  bool counts() const { return counts_; }
  const Outside& outside() const { return outside_; }
  /// Which signal is the last one that has been submitted, which a wait may be for.
  uint64_t submitted();

  /// `result` is how the command ended that signals; a wait hands it on.
  void signal(uint64_t start, uint64_t end, ze_result_t result = ZE_RESULT_SUCCESS);
  void reset();
  /// In a forked child: the thread that would have signalled it is not there. It fails if it is not signalled yet; one
  /// that other processes see does not, as the parent signals it.
  void lose();

  /// ZE_RESULT_NOT_READY when `timeout` nanoseconds passed (0 asks only; UINT64_MAX waits for ever, and then this
  /// thread helps with the work that the event waits for).
  ze_result_t wait(uint64_t timeout);
  /// Of an event that counts: for that signal, as `submitted` told it.
  ze_result_t wait_for_count(uint64_t count, uint64_t timeout);

  /// Fills the times of the command that signalled last; ZE_RESULT_NOT_READY before. Of a timed event.
  ze_result_t read_timestamps(ze_kernel_timestamp_result_t* result);

  /// Of an event that counts: a number that can be read at any time, and how large it is when the event is signalled.
  struct Counter {
    const void* address;
    uint64_t done;
  };
  Counter counter();

  /// Says which stream holds a command that will signal the event.
  void set_producer(std::shared_ptr<Stream> stream);

 private:
  /// Of an event that does not count.
  enum class State : uint8_t {
    kClear,      // not signalled, and who signals it has nobody to tell
    kExpected,   // not signalled; somebody waits for it, or it has a producer: it is signalled under the lock
    kSignalled,  // who signalled it does not touch it any more
    kSettled,    // signalled under the lock, which may be held still
  };

  bool is_signalled() const { return counts_ ? completed_ >= submitted_ : state_.load() >= State::kSignalled; }
  bool expect_signal();
  template <class Done>
  ze_result_t wait_until_done(uint64_t timeout, Done done);
  void signal_outside(uint64_t start, uint64_t end, ze_result_t result);
  ze_result_t wait_outside(uint64_t count, uint64_t timeout);
  bool signals_outside() const { return outside_.state && !outside_.until_signalled; }
  bool is_outside(uint64_t count) const { return signals_outside() || (outside_.state && count == 0); }

  const EventTraits traits_;
  const bool counts_;
  const Outside outside_;
  std::atomic<State> state_ = State::kClear;
  std::atomic<ze_result_t> result_ = ZE_RESULT_SUCCESS;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Stream> producer_;
  uint64_t submitted_ = 0;  // if it counts, as the next one
  std::atomic<uint64_t> completed_ = 0;
  uint64_t start_ = 0;
  uint64_t end_ = 0;
};

inline Event& event_of(ze_event_handle_t handle) { return *static_cast<Event*>(handle); }

}  // namespace metate::ze_software
