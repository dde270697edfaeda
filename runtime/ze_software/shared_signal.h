// shared_signal – the state of events that several processes signal and wait for.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include <level_zero/ze_api.h>

#include "runtime/ze_software/shared_file.h"

namespace metate::ze_software {

/// One event's, in memory of all of these processes. Safe to use from all of their threads: who signals it does not
/// touch it any more, but for the address.
class SharedSignal {
 public:
  void signal(uint64_t start, uint64_t end, ze_result_t result);
  void reset() { signalled_.store(0); }
  bool is_signalled() const { return signalled_.load() != 0; }

  /// ZE_RESULT_NOT_READY when `timeout` nanoseconds passed (UINT64_MAX: never); else how the command ended.
  ze_result_t wait(uint64_t timeout);
  ze_kernel_timestamp_result_t times() const;

 private:
  std::atomic<uint32_t> signalled_;  // what is waited at
  std::atomic<int32_t> result_;
  std::atomic<uint64_t> start_, end_;
};

inline constexpr ze_event_pool_flags_t kPoolFlags =
    ZE_EVENT_POOL_FLAG_HOST_VISIBLE | ZE_EVENT_POOL_FLAG_IPC | ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP;

/// Those of an event pool.
class SharedSignals {
 public:
  /// Null when there is no memory.
  static std::unique_ptr<SharedSignals> create(uint32_t count, ze_event_pool_flags_t flags);
  /// Null where the file is of something else.
  static std::unique_ptr<SharedSignals> open(std::shared_ptr<SharedFile> file);

  const std::shared_ptr<SharedFile>& file() const { return file_; }
  uint32_t count() const;
  ze_event_pool_flags_t flags() const;
  /// Stays as long as its owner.
  std::shared_ptr<SharedSignal> at(uint32_t index) const;

 private:
  struct Pool;
  SharedSignals(std::shared_ptr<SharedFile> file, std::shared_ptr<Pool> pool);

  std::shared_ptr<SharedFile> file_;
  std::shared_ptr<Pool> pool_;
};

}  // namespace metate::ze_software
