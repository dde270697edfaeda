// shared_signal – the state of events that several processes signal and wait for.
#pragma once

#include <level_zero/ze_api.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "runtime/ze_software/shared_file.h"

namespace metate::ze_software {

/// One event's, in memory of all of these processes: how often it has been signalled, and is to be where it counts.
/// Safe to use from all of their threads: who signals it does not touch it any more, but for the address.
class SharedSignal {
 public:
  void announce() { submitted_.fetch_add(1); }
  uint64_t submitted() const { return submitted_.load(); }

  void signal(uint64_t start, uint64_t end, ze_result_t result);
  void reset() { completed_.store(0); }
  /// Of a new event, which nobody uses yet.
  void begin_anew() {
    submitted_.store(0);
    completed_.store(0);
  }
  bool has_reached(uint64_t count) const { return completed_.load() >= count; }

  /// ZE_RESULT_NOT_READY when `timeout` nanoseconds passed (UINT64_MAX: never); else how the last command ended.
  ze_result_t wait_for(uint64_t count, uint64_t timeout);
  ze_kernel_timestamp_result_t times() const;
  const std::atomic<uint64_t>& counter() const { return completed_; }

 private:
  std::atomic<uint64_t> completed_;  // what is waited at
  std::atomic<uint64_t> submitted_;
  std::atomic<uint64_t> start_, end_;
  std::atomic<int32_t> result_;
};

/// Those of an event pool, or of an event that counts. The flags are theirs.
class SharedSignals {
 public:
  /// Null when there is no memory.
  static std::unique_ptr<SharedSignals> create(uint32_t count, uint32_t flags);
  /// Null where the file is of something else.
  static std::unique_ptr<SharedSignals> open(std::shared_ptr<SharedFile> file);

  const std::shared_ptr<SharedFile>& file() const { return file_; }
  uint32_t count() const;
  uint32_t flags() const;
  /// Stays as long as its owner.
  std::shared_ptr<SharedSignal> at(uint32_t index) const;

 private:
  struct Pool;
  SharedSignals(std::shared_ptr<SharedFile> file, std::shared_ptr<Pool> pool);

  std::shared_ptr<SharedFile> file_;
  std::shared_ptr<Pool> pool_;
};

}  // namespace metate::ze_software
