// stream – runs submitted commands in order: on a thread of its own, or on a thread that waits for them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "runtime/ze_software/command.h"
#include "runtime/ze_software/fifo.h"

namespace metate::ze_software {

class Fence;

/// One submission: a command of an immediate list, or a closed list's commands, and a fence to signal behind them.
struct Batch {
  std::optional<Command> command;
  const std::vector<Command>* commands = nullptr;
  Fence* fence = nullptr;
  std::shared_ptr<void> kept;  // goes when the batch is done

  /// For the commands' waits for events that count, in their order: how many signals each is for. Filled by the stream.
  std::vector<uint64_t> awaited_counts = {};
};

/// A queue's in-order executor. Waking a sleeping thread costs more than a small kernel, so a thread that waits without
/// a time limit takes over the work that has not begun yet, and the stream's own thread, when its work is done, looks
/// out for more for a while before it sleeps. What is brief is done where it is submitted, if nothing is before it. In
/// a forked child it goes on with what had not begun; the batch that was under way has failed there with
/// ZE_RESULT_ERROR_DEVICE_LOST.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  Stream();
  ~Stream();

  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Queues a batch; the stream's own thread begins with it unless the caller will `synchronize` at once.
  void submit(Batch&& batch, bool wake_worker);

  /// Does what is brief and waits for nothing, if nothing is before it; false if there is.
  bool run_if_idle(const Operation& operation, Event* signal);

  /// Runs a batch behind all other work, and returns the first failure since the last `synchronize`. Where there is no
  /// other work the batch never goes through the queue.
  ze_result_t run(Batch&& batch);

  /// Waits until all work is done, and returns the first failure since the last call.
  ze_result_t synchronize(uint64_t timeout);

  /// Waits likewise, and leaves the failures to `synchronize`.
  void finish();

  /// Lets go of it when all work that is submitted now is done.
  void keep_until_done(std::shared_ptr<void> what);

  /// Runs what has not begun on this thread, until `done`, until nothing is left or another thread is at it. Commands
  /// behind the one that makes it done may wait for what this thread does next: they must not be begun.
  template <class Predicate>
  void help_until(Predicate done) {
    std::unique_lock lock(mutex_);
    while (!done() && run_next(lock)) {
    }
  }

 private:
  friend class StreamsAtForks;

  void begin_anew();
  void announce(Batch& batch);
  bool run_next(std::unique_lock<std::mutex>& lock);
  void run_now(const Batch& batch, std::unique_lock<std::mutex>& lock);
  ze_result_t synchronize(std::unique_lock<std::mutex>& lock, uint64_t timeout);
  void work();
  void look_out(std::unique_lock<std::mutex>& lock);
  void call_worker();
  bool has_work() const { return !running_ && !pending_.empty(); }
  bool is_idle() const { return !running_ && pending_.empty(); }

  std::mutex mutex_;
  std::condition_variable submitted_;
  std::atomic<bool> called_ = false;  // what the worker that looks out reads without the lock
  bool asleep_ = false;
  std::condition_variable idle_;
  Fifo<Batch> pending_;
  std::thread worker_;  // started by the first submission that needs it
  const Batch* running_ = nullptr;
  bool stopping_ = false;
  ze_result_t failure_ = ZE_RESULT_SUCCESS;
};

/// Waits with the API's time limit in nanoseconds (UINT64_MAX is none); false when it passed.
template <class Predicate>
bool wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock, uint64_t timeout,
                Predicate predicate) {
  if (timeout == UINT64_MAX) {
    condition.wait(lock, predicate);
    return true;
  }
  // A century, so that the sum with the clock cannot overflow.
  const auto limit = std::chrono::nanoseconds(std::min<uint64_t>(timeout, 3'000'000'000'000'000'000));
  return timeout == 0 ? predicate() : condition.wait_for(lock, limit, predicate);
}

}  // namespace metate::ze_software
