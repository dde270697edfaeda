// patience – waiting for what another process compiles: no lock is held, and Ctrl-C ends it.
#pragma once

#include <chrono>
#include <string>

#include "compiler/driver/session.h"

namespace metate::ext {

class Patience {
 public:
  /// `cached`: whether the cache on disk is asked at all.
  explicit Patience(bool cached) : cached_(cached) {}

  /// How to ask now. After a minute nobody waits any more: the other process may have been stopped.
  driver::Disk disk() const;

  /// Sleeps for a moment without the GIL, which the caller holds. False with a Python exception set where a signal's
  /// handler raised.
  bool pause();

 private:
  using Clock = std::chrono::steady_clock;
  bool cached_;
  Clock::time_point end_ = Clock::now() + std::chrono::minutes(1);
  std::chrono::milliseconds next_{1};
};

/// Gives the warning, unless it is empty. False with a Python exception set where warnings are errors.
bool warn_of_cache(const std::string& warning);

}  // namespace metate::ext
