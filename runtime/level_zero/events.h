// events – what a submitted command signals when it is done.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/level_zero/handles.h"

namespace metate::level_zero {

class Device;
class EventPool;

/// When a command ran, on the device's clock.
struct CommandTimes {
  double start_nanoseconds = 0;
  double end_nanoseconds = 0;
};

/// Owns an event of a pool; its device must outlive it. Copies share it. Safe to use from several threads.
class METATE_API Event {
 public:
  Event() = default;  // no event
  Event(const Event& other);
  Event(Event&& other) noexcept : shared_(std::exchange(other.shared_, nullptr)) {}
  Event& operator=(Event other) noexcept {
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~Event() {
    if (shared_) release();
  }

  explicit operator bool() const { return shared_ != nullptr; }
  _ze_event_handle_t* handle() const;
  const Device& device() const;

  /// Waits until it is signalled. An Error says how the command failed.
  base::Status wait() const;

  /// True when it is signalled; waits at most that long.
  base::Result<bool> wait_for(uint64_t nanoseconds) const;

  /// Makes it one that is not signalled.
  base::Status reset() const;

  /// Whether there is a copy of it.
  bool is_shared() const;

  /// Of the command that signalled it, if it is timed.
  base::Result<CommandTimes> times() const;

 private:
  friend class EventPool;
  struct Shared;
  explicit Event(Shared* shared) : shared_(shared) {}
  void release();
  Shared* shared_ = nullptr;  // counts those who share it, and goes from one use to the next
};

/// Makes events in batches and uses them again. Safe to use from several threads.
class METATE_API EventPool {
 public:
  explicit EventPool(const Device& device);
  ~EventPool();

  EventPool(const EventPool&) = delete;
  EventPool& operator=(const EventPool&) = delete;

  /// An event that is not signalled. To keep times costs a device something for each command.
  base::Result<Event> make(bool timed = false);

 private:
  friend class Event;
  base::Status grow(bool timed);
  void give_back(std::unique_ptr<Event::Shared> event);

  const Device& device_;
  std::mutex mutex_;
  std::vector<EventPoolHandle> pools_;                               // before the events, so that those go first
  std::array<std::vector<std::unique_ptr<Event::Shared>>, 2> idle_;  // those without times, and with
};

}  // namespace metate::level_zero
