#include "python/ext/queue.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "python/ext/interrupts.h"
#include "python/ext/raise.h"
#include "runtime/level_zero/driver_messages.h"

namespace metate::ext {
namespace {

using Clock = std::chrono::steady_clock;

/// How long Ctrl-C may go unnoticed.
constexpr uint64_t kSliceNanoseconds = 50'000'000;

/// A launch over more items than these is not blocked in: it may take long, and the price of not doing so is small
/// beside it.
constexpr int64_t kManyItems = int64_t{1} << 20;

/// Those that exist, so that none is forgotten when the interpreter ends.
std::list<DeviceQueue*>& all_queues() {
  static auto* const queues = new std::list<DeviceQueue*>;
  return *queues;
}

/// What is done for one of them may make queues or let them go.
void for_all(base::FunctionRef<void(DeviceQueue&)> each) {
  for (DeviceQueue* queue : std::vector<DeviceQueue*>(all_queues().begin(), all_queues().end())) {
    const std::list<DeviceQueue*>& now = all_queues();
    if (std::find(now.begin(), now.end(), queue) != now.end()) each(*queue);
  }
}

/// The exception that is set, which is set no more.
Ref take_exception() {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  if (traceback) PyException_SetTraceback(value, traceback);
  Py_XDECREF(type);
  Py_XDECREF(traceback);
  return Ref::steal(value);
}

Ref exception_of(const Submission& submission) {
  submission.set_error();
  return take_exception();
}

void raise(const Ref& exception) {
  PyErr_Restore(Py_NewRef(reinterpret_cast<PyObject*>(Py_TYPE(exception.get()))), Py_NewRef(exception.get()),
                PyException_GetTraceback(exception.get()));
}

/// Takes the answer to whether a command is done. A wait that fails need not mean that it is, and what it keeps must
/// not go while a device may use it: the next answer tells.
bool settle(Submission& submission, base::Result<bool> done) {
  if (!done && !submission.wait_error) {
    submission.wait_error = done.take_error();
    level_zero::add_driver_message(*submission.wait_error);
    done = submission.event.wait_for(0);
  }
  if (done && !*done) return false;
  submission.finish(submission.wait_error ? base::Status(*submission.wait_error) : base::Success{});
  return true;
}

}  // namespace

DeviceQueue::DeviceQueue(std::shared_ptr<level_zero::Device> device, Options options)
    : pool_(std::make_shared<CommandPool>(std::move(device), options.profiling)), options_(std::move(options)) {
  auto order = options_.in_order ? level_zero::QueueOrder::kInOrder : level_zero::QueueOrder::kOutOfOrder;
  list_ = std::make_unique<level_zero::Queue>(
      take(level_zero::Queue::make(this->device(), level_zero::QueueMode::kAsync, order)));
  all_queues().push_back(this);
}

DeviceQueue::~DeviceQueue() {
  finish();
  all_queues().remove(this);
}

int DeviceQueue::traverse(visitproc visit, void* arg) const {
  Py_VISIT(options_.async_handler.ptr());
  for (const std::shared_ptr<Submission>& submission : pending_)
    if (int result = submission->traverse(visit, arg)) return result;
  return 0;
}

void DeviceQueue::clear() {
  finish();
  options_.async_handler = nanobind::none();
}

void DeviceQueue::finish_all() {
  for_all([](DeviceQueue& queue) { queue.finish(); });
}

bool DeviceQueue::wait_for_all() {
  bool all = true;
  for_all([&](DeviceQueue& queue) { all = all && queue.wait_for_pending(true); });
  return all;
}

void DeviceQueue::begin_anew() {
  for (DeviceQueue* queue : all_queues()) std::construct_at(&queue->order_);
}

bool DeviceQueue::wait_for_pending(bool interruptible) {
  if (pending_.empty()) return true;
  const std::vector<std::shared_ptr<Submission>> under_way(pending_.begin(), pending_.end());
  return std::all_of(under_way.begin(), under_way.end(), [&](const std::shared_ptr<Submission>& submission) {
    return wait_until_done(*submission, interruptible);
  });
}

/// Nobody is there to be told but the handler.
void DeviceQueue::finish() {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  wait_for_pending(false);
  forget_finished();
  const Ref where = Ref::steal(PyUnicode_FromString("an asynchronous command of a metate.Queue"));
  while (!report_failures()) PyErr_WriteUnraisable(where.get());
  PyErr_Restore(type, value, traceback);
}

/// In order, an asynchronous command must not be appended while one runs on a blocking list. The GIL is never held
/// while this lock is waited for.
std::unique_lock<std::recursive_mutex> DeviceQueue::hold_order() {
  if (!options_.in_order) return {};
  std::unique_lock lock(order_, std::try_to_lock);
  if (!lock) {
    ReleaseGil released;
    lock.lock();
  }
  return lock;
}

std::unique_ptr<level_zero::Queue> DeviceQueue::take_blocking_list() {
  if (!blocking_lists_.empty()) {
    std::unique_ptr<level_zero::Queue> list = std::move(blocking_lists_.back());
    blocking_lists_.pop_back();
    return list;
  }
  base::Result<level_zero::Queue> made = level_zero::Queue::make(device(), level_zero::QueueMode::kBlocking);
  if (made) return std::make_unique<level_zero::Queue>(std::move(*made));
  ext::set_error(made.error());
  return nullptr;
}

/// Whether somebody may lose patience: then the wait for it goes in slices.
bool DeviceQueue::may_take_long(const Kept& kept) const {
  if (!kept.code || kept.to_the_end) return false;
  int64_t items = 1;
  for (int64_t extent : kept.global_size.values())
    items = std::min(items * extent, kManyItems + 1);  // extents have 32 bits
  if (items <= kManyItems && kept.code.get() != slow_code_) return false;
  watch_interrupts();  // nobody may have done so before
  return interrupt_flag() != &kNeverInterrupted;
}

/// The events that a command must wait for: of commands of this device that are not done. Another device's events mean
/// nothing to this one, so the host waits for those.
bool DeviceQueue::collect(const Submissions& after, std::vector<level_zero::Event>& events) {
  for (const std::shared_ptr<Submission>& submission : after) {
    if (submission->finished()) continue;
    if (submission->device() == device()) {
      events.push_back(submission->event);
    } else if (!wait_until_done(*submission, true)) {
      return false;
    }
  }
  return true;
}

/// Runs the command on a blocking list. False where an exception is set.
bool DeviceQueue::run_at_once(Submission& command, const Append& append, std::span<const level_zero::Event> waits,
                              const void* code, bool brief) {
  std::unique_ptr<level_zero::Queue> list = take_blocking_list();
  if (!list) return false;
  const auto began = brief ? Clock::time_point() : Clock::now();
  const base::Status status = [&] {
    std::optional<ReleaseGil> released;
    if (!brief) released.emplace();
    return append(*list, command.event, waits);
  }();
  if (!brief && Clock::now() - began > std::chrono::nanoseconds(kSliceNanoseconds)) slow_code_ = code;
  blocking_lists_.push_back(std::move(list));
  command.finish(status);
  return true;
}

std::shared_ptr<Submission> DeviceQueue::execute(const Append& append, const Submissions& after, Kept&& kept,
                                                 bool wait) {
  const bool to_the_end = kept.to_the_end, brief = kept.brief;
  const bool in_slices = wait && may_take_long(kept);
  const void* code = kept.code.get();
  auto made = std::make_shared<Submission>(pool_, std::move(kept));
  made->reported = wait;
  std::vector<level_zero::Event> waits;
  if (!collect(after, waits)) return nullptr;
  // Ctrl-C can end the wait for what is before it, at least.
  if (wait && to_the_end && !wait_for_pending(true)) return nullptr;
  std::unique_lock order = hold_order();
  forget_finished();
  const bool at_once = wait && pending_.empty() && !in_slices;
  if (!at_once || options_.profiling) {
    base::Result<level_zero::Event> event = pool_->event();
    if (!event) return ext::set_error(event.error()), nullptr;
    made->event = std::move(*event);
  }
  if (options_.profiling) {
    base::Result<double> now = device()->clock_nanoseconds();
    if (!now) return ext::set_error(now.error()), nullptr;
    made->submitted_nanoseconds = *now;
  }
  if (at_once) {
    if (!run_at_once(*made, append, waits, code, brief)) return nullptr;
    return made;
  }
  made->after = after;
  base::Status status = [&] {
    // To append a launch makes nobody wait, and giving the GIL away takes about as long. For a copy a driver may do the
    // work at once, or wait for the events itself.
    std::optional<ReleaseGil> released;
    if (!code) released.emplace();
    // Who waits for a command wants to see what the earlier ones did, in any order of the queue.
    if (wait && !options_.in_order) {
      if (base::Status bad = list_->barrier(); !bad) return bad;
    }
    return append(*list_, made->event, waits);
  }();
  if (!status) return ext::set_error(made->explained(status.error())), nullptr;
  if (!pending_.empty() || !is_done(*made)) {
    pending_.push_back(made);
  } else {
    keep_failure(made);
  }
  if (order) order.unlock();
  if (!wait || wait_until_done(*made, !to_the_end)) return made;
  made->reported = false;
  return nullptr;
}

/// False where a signal handler raised; the command goes on.
bool DeviceQueue::wait_until_done(Submission& submission, bool interruptible) {
  if (submission.finished() || settle(submission, submission.event.wait_for(0))) return true;
  watch_interrupts();
  interruptible = interruptible && interrupt_flag() != &kNeverInterrupted;
  while (true) {
    base::Result<bool> done = [&] {
      ReleaseGil released;
      // Without a limit this thread may help with the work.
      return submission.event.wait_for(interruptible ? kSliceNanoseconds : UINT64_MAX);
    }();
    if (submission.finished() || settle(submission, std::move(done))) return true;
    if (interruptible && PyErr_CheckSignals() != 0) return false;
  }
}

bool DeviceQueue::is_done(Submission& submission) {
  return submission.finished() || settle(submission, submission.event.wait_for(0));
}

/// Of a command that is done: for the next wait, if nobody knows of it.
void DeviceQueue::keep_failure(const std::shared_ptr<Submission>& submission) {
  if (submission->failed() && !submission->reported) failed_.push_back(submission);
}

/// What `finish` lets go may run Python code that comes here again.
void DeviceQueue::forget_finished() {
  while (!pending_.empty()) {
    const std::shared_ptr<Submission> oldest = pending_.front();
    if (!is_done(*oldest)) return;
    if (pending_.empty() || pending_.front() != oldest) continue;
    pending_.pop_front();
    keep_failure(oldest);
  }
}

bool DeviceQueue::wait(const std::shared_ptr<Submission>& submission) {
  if (!wait_until_done(*submission, true)) return false;
  if (!submission->failed()) return true;
  const bool known = std::exchange(submission->reported, true);
  if (!options_.async_handler.is_none()) return known || call_handler(*submission);
  submission->set_error();
  return false;
}

bool DeviceQueue::wait() {
  const std::vector<std::shared_ptr<Submission>> under_way(pending_.begin(), pending_.end());
  for (const std::shared_ptr<Submission>& submission : under_way)
    if (!wait_until_done(*submission, true)) return false;
  forget_finished();
  return report_failures();
}

bool DeviceQueue::call_handler(const Submission& submission) {
  const Ref exception = exception_of(submission);
  return static_cast<bool>(
      Ref::steal(PyObject_CallFunctionObjArgs(options_.async_handler.ptr(), exception.get(), nullptr)));
}

bool DeviceQueue::report_failures() {
  Ref first, last;
  while (!failed_.empty()) {
    const std::shared_ptr<Submission> submission = failed_.front();
    failed_.pop_front();
    if (std::exchange(submission->reported, true)) continue;
    if (!options_.async_handler.is_none()) {
      if (!call_handler(*submission)) return false;
      continue;
    }
    Ref exception = exception_of(*submission);
    if (last) PyException_SetContext(last.get(), Py_NewRef(exception.get()));
    if (!first) first = exception;
    last = std::move(exception);
  }
  if (!first) return true;
  raise(first);
  return false;
}

}  // namespace metate::ext
