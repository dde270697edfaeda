#include "runtime/ze_software/stream.h"

#include <algorithm>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "runtime/base/at_fork.h"
#include "runtime/ze_software/fence.h"

namespace metate::ze_software {
namespace {

/// As long as a few wake-ups of a sleeping thread take, so that looking out costs no more than it can save.
constexpr std::chrono::microseconds kLookOut(20);

size_t counting_waits(const Command& command) {
  return static_cast<size_t>(
      std::count_if(command.waits.begin(), command.waits.end(), [](const Event* event) { return event->counts(); }));
}

template <class Each>
void for_commands(const Batch& batch, Each each) {
  if (batch.command) each(*batch.command);
  if (!batch.commands) return;
  for (const Command& command : *batch.commands) each(command);
}

void execute_all(const Batch& batch, ze_result_t& failure) {
  std::span<const uint64_t> counts = batch.awaited_counts;
  for_commands(batch, [&](const Command& command) {
    const size_t own = counts.empty() ? 0 : counting_waits(command);
    execute(command, counts.first(own), failure);
    counts = counts.subspan(own);
  });
}

}  // namespace

/// All streams, each of them locked while the process is forked.
class StreamsAtForks {
 public:
  static StreamsAtForks& get() {
    static auto* const streams = new StreamsAtForks;  // streams may outlive the static objects of the process
    return *streams;
  }

  void add(Stream* stream) {
    std::lock_guard lock(mutex_);
    all_.insert(stream);
  }
  void remove(Stream* stream) {
    std::lock_guard lock(mutex_);
    all_.erase(stream);
  }

  void before() {
    mutex_.lock();
    for (Stream* stream : all_) stream->mutex_.lock();
  }
  void in_parent() {
    for (Stream* stream : all_) stream->mutex_.unlock();
    mutex_.unlock();
  }
  void in_child() {
    for (Stream* stream : all_) stream->begin_anew();
    in_parent();
  }

 private:
  std::mutex mutex_;
  std::set<Stream*> all_;  // in an order of their addresses: locks are always taken in the same one
};

static const base::AtFork kHoldsStreams([] { StreamsAtForks::get().before(); },
                                        [] { StreamsAtForks::get().in_parent(); },
                                        [] { StreamsAtForks::get().in_child(); });

Stream::Stream() { StreamsAtForks::get().add(this); }

/// Under the lock, and there are no other threads. What is constructed again knows of threads that are not here.
void Stream::begin_anew() {
  std::construct_at(&submitted_);
  std::construct_at(&idle_);
  std::construct_at(&worker_);
  called_ = asleep_ = false;
  if (!running_) return;
  for_commands(*running_, [](const Command& command) {
    if (command.signal) command.signal->lose();
  });
  if (running_->fence) running_->fence->lose();
  running_ = nullptr;
  failure_ = ZE_RESULT_ERROR_DEVICE_LOST;
}

Stream::~Stream() {
  StreamsAtForks::get().remove(this);
  {
    std::unique_lock lock(mutex_);
    while (run_next(lock)) {
    }
    idle_.wait(lock, [this] { return is_idle(); });
    stopping_ = true;
    call_worker();
  }
  if (worker_.joinable()) worker_.join();
}

/// To the events: who will signal them, and how often those that count will have been.
void Stream::announce(Batch& batch) {
  for_commands(batch, [&](const Command& command) {
    for (Event* event : command.waits) {
      if (event->counts()) batch.awaited_counts.push_back(event->submitted());
    }
    if (command.signal) command.signal->set_producer(shared_from_this());
  });
}

void Stream::submit(Batch&& batch, bool wake_worker) {
  announce(batch);
  std::lock_guard lock(mutex_);
  pending_.push(std::move(batch));
  if (!wake_worker) return;
  if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
  call_worker();
}

/// Under the lock all the time, which takes no longer than to give it away and take it again. Nobody needs to know who
/// will signal what is signalled when this returns, and nobody waits for an idle stream to become idle.
bool Stream::run_if_idle(const Operation& operation, Event* signal) {
  std::lock_guard lock(mutex_);
  if (!is_idle()) return false;
  if (signal && signal->counts()) signal->set_producer(shared_from_this());
  execute(operation, signal, failure_);
  return true;
}

/// Under the lock.
void Stream::call_worker() {
  called_.store(true, std::memory_order_relaxed);
  if (asleep_) submitted_.notify_one();
}

ze_result_t Stream::run(Batch&& batch) {
  announce(batch);
  std::unique_lock lock(mutex_);
  if (is_idle()) {
    run_now(batch, lock);
  } else {
    pending_.push(std::move(batch));
  }
  return synchronize(lock, UINT64_MAX);
}

ze_result_t Stream::synchronize(uint64_t timeout) {
  std::unique_lock lock(mutex_);
  return synchronize(lock, timeout);
}

ze_result_t Stream::synchronize(std::unique_lock<std::mutex>& lock, uint64_t timeout) {
  while (timeout == UINT64_MAX && run_next(lock)) {
  }
  if (!wait_until(idle_, lock, timeout, [this] { return is_idle(); })) return ZE_RESULT_NOT_READY;
  return std::exchange(failure_, ZE_RESULT_SUCCESS);
}

void Stream::finish() {
  std::unique_lock lock(mutex_);
  while (run_next(lock)) {
  }
  idle_.wait(lock, [this] { return is_idle(); });
}

void Stream::keep_until_done(std::shared_ptr<void> what) {
  std::lock_guard lock(mutex_);
  if (is_idle()) return;
  Batch batch;
  batch.kept = std::move(what);
  pending_.push(std::move(batch));
}

/// False when there is nothing to begin: the queue is empty, or another thread is at it. Signals of a batch are all
/// given before the next one can be begun.
bool Stream::run_next(std::unique_lock<std::mutex>& lock) {
  if (!has_work()) return false;
  const Batch batch = pending_.pop();
  run_now(batch, lock);
  return true;
}

void Stream::run_now(const Batch& batch, std::unique_lock<std::mutex>& lock) {
  running_ = &batch;
  ze_result_t failure = failure_;
  lock.unlock();
  execute_all(batch, failure);
  lock.lock();
  running_ = nullptr;
  failure_ = failure;
  if (batch.fence) batch.fence->signal(failure);
  // The worker may have woken up meanwhile and found the stream busy.
  if (!pending_.empty()) call_worker();
  if (pending_.empty()) idle_.notify_all();
}

void Stream::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (!stopping_ && !has_work()) look_out(lock);
    asleep_ = true;
    submitted_.wait(lock, [this] { return stopping_ || has_work(); });
    asleep_ = false;
    if (stopping_) return;
    while (run_next(lock)) {
    }
  }
}

void Stream::look_out(std::unique_lock<std::mutex>& lock) {
  called_.store(false, std::memory_order_relaxed);
  lock.unlock();
  const auto end = std::chrono::steady_clock::now() + kLookOut;
  while (!called_.load(std::memory_order_relaxed) && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  lock.lock();
}

}  // namespace metate::ze_software
