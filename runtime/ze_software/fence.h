// fence – tells the host that a queue has come so far.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "runtime/ze_software/handles.h"

namespace metate::ze_software {

class Stream;

/// Safe to use from several threads.
class Fence : public _ze_fence_handle_t {
 public:
  Fence(std::shared_ptr<Stream> stream, bool signalled) : stream_(std::move(stream)), signalled_(signalled) {}

  void signal(ze_result_t result);
  void reset();
  void lose();                         // as Event::lose
  ze_result_t wait(uint64_t timeout);  // as Event::wait

 private:
  bool is_signalled();

  const std::shared_ptr<Stream> stream_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool signalled_;
  ze_result_t result_ = ZE_RESULT_SUCCESS;
};

}  // namespace metate::ze_software
