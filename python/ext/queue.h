// queue – a queue of a device as programs have it: blocking and asynchronous commands, and what becomes of their
// errors.
#pragma once

#include <nanobind/nanobind.h>

#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "python/ext/ref.h"
#include "python/ext/submission.h"
#include "runtime/base/function_ref.h"
#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/queue.h"

namespace metate::ext {

/// Every member needs the GIL, which is given away while a device is waited for. Where a Python exception is set, null
/// or false comes back.
///
/// A command that is waited for at once runs on a command list of its own while nothing is under way: that spares the
/// event and the wake-up of a thread. All others go to one asynchronous list and are remembered in `pending_`, and so
/// do launches that may take long, where Ctrl-C can end the wait for them.
class DeviceQueue {
 public:
  struct Options {
    bool in_order = false;
    bool profiling = false;
    nanobind::object
        async_handler;  // called with each exception of an asynchronous command; None: the next wait raises
  };

  /// Appends the command to the list.
  using Append = base::FunctionRef<base::Status(level_zero::Queue& list, const level_zero::Event& signal,
                                                std::span<const level_zero::Event> waits)>;
  using Submissions = std::vector<std::shared_ptr<Submission>>;

  DeviceQueue(std::shared_ptr<level_zero::Device> device, Options options);
  /// Waits for what is under way; an error that nobody has heard of goes to the handler or to sys.unraisablehook.
  ~DeviceQueue();

  DeviceQueue(const DeviceQueue&) = delete;
  DeviceQueue& operator=(const DeviceQueue&) = delete;

  const std::shared_ptr<level_zero::Device>& device() const { return pool_->device(); }
  CommandPool& pool() { return *pool_; }
  const Options& options() const { return options_; }

  /// Runs a command behind those of `after`. With `wait` it is done when it comes back, and its failure is for the
  /// caller to raise.
  std::shared_ptr<Submission> execute(const Append& append, const Submissions& after, Kept&& kept, bool wait);

  /// Waits for one command of this queue, and raises its failure unless the handler took it.
  bool wait(const std::shared_ptr<Submission>& submission);

  /// Waits for all that was submitted before. Raises the first failure that was not reported yet, with the others as
  /// its context, unless there is a handler: that is called with each.
  bool wait();

  /// Whether the command is done; does not wait.
  bool is_done(Submission& submission);

  /// For Python's cycle collector: `clear` waits for what is under way.
  int traverse(visitproc visit, void* arg) const;
  void clear();

  /// For the end of the interpreter: waits for every queue there is, and leaves no error unsaid.
  static void finish_all();
  /// For forks: waits for every queue there is; errors stay for the next wait. False where a signal handler raised.
  static bool wait_for_all();
  /// In a forked child: other threads that were using a queue are not there.
  static void begin_anew();

 private:
  bool wait_until_done(Submission& submission, bool interruptible);
  bool collect(const Submissions& after, std::vector<level_zero::Event>& events);
  std::unique_lock<std::recursive_mutex> hold_order();
  std::unique_ptr<level_zero::Queue> take_blocking_list();
  bool may_take_long(const Kept& kept) const;
  bool run_at_once(Submission& command, const Append& append, std::span<const level_zero::Event> waits,
                   const void* code, bool brief);
  void keep_failure(const std::shared_ptr<Submission>& submission);
  void forget_finished();
  bool call_handler(const Submission& submission);
  bool report_failures();
  bool wait_for_pending(bool interruptible);
  void finish();

  std::shared_ptr<CommandPool> pool_;
  Options options_;
  std::unique_ptr<level_zero::Queue> list_;                         // the asynchronous one
  std::vector<std::unique_ptr<level_zero::Queue>> blocking_lists_;  // those not in use
  std::recursive_mutex order_;  // of in-order queues: held while a command is appended, or runs on a blocking list
  std::deque<std::shared_ptr<Submission>> pending_;  // on the asynchronous list, oldest first
  std::deque<std::shared_ptr<Submission>> failed_;   // not reported yet
  const void* slow_code_ = nullptr;                  // took long when it was launched last and waited for
};

}  // namespace metate::ext
