#include "runtime/ze_software/fence.h"

#include "runtime/ze_software/command_queue.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {

void Fence::signal(ze_result_t result) {
  std::lock_guard lock(mutex_);
  signalled_ = true;
  result_ = result;
  changed_.notify_all();  // under the lock: a waiter may destroy the fence at once
}

void Fence::reset() {
  std::lock_guard lock(mutex_);
  signalled_ = false;
  result_ = ZE_RESULT_SUCCESS;
}

void Fence::lose() {
  std::construct_at(&mutex_);
  std::construct_at(&changed_);
  if (!signalled_) signal(ZE_RESULT_ERROR_DEVICE_LOST);
}

bool Fence::is_signalled() {
  std::lock_guard lock(mutex_);
  return signalled_;
}

ze_result_t Fence::wait(uint64_t timeout) {
  std::unique_lock lock(mutex_);
  if (!signalled_ && timeout == UINT64_MAX) {
    lock.unlock();
    stream_->help_until([this] { return is_signalled(); });
    lock.lock();
  }
  if (!wait_until(changed_, lock, timeout, [this] { return signalled_; })) return ZE_RESULT_NOT_READY;
  return result_;
}

ze_result_t zeFenceCreate(ze_command_queue_handle_t queue, const ze_fence_desc_t* desc, ze_fence_handle_t* fence) {
  if (ze_result_t bad = require({queue}, {desc, fence})) return bad;
  if (desc->flags & ~ZE_FENCE_FLAG_SIGNALED) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  *fence = new Fence(static_cast<CommandQueue*>(queue)->stream, desc->flags & ZE_FENCE_FLAG_SIGNALED);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeFenceDestroy(ze_fence_handle_t fence) {
  if (ze_result_t bad = require({fence})) return bad;
  delete static_cast<Fence*>(fence);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeFenceHostSynchronize(ze_fence_handle_t fence, uint64_t timeout) {
  if (ze_result_t bad = require({fence})) return bad;
  return static_cast<Fence*>(fence)->wait(timeout);
}

ze_result_t zeFenceQueryStatus(ze_fence_handle_t fence) {
  if (ze_result_t bad = require({fence})) return bad;
  return static_cast<Fence*>(fence)->wait(0);
}

ze_result_t zeFenceReset(ze_fence_handle_t fence) {
  if (ze_result_t bad = require({fence})) return bad;
  static_cast<Fence*>(fence)->reset();
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
