// event – when a command of a queue is done.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <vector>

#include "python/ext/queue_ref.h"

namespace metate::ext {

/// An event without a submission is of no command, and done.
struct QueueEvent {
  QueueRef queue;
  std::shared_ptr<Submission> submission;
};

/// Those of a Python sequence of events, or one event; None is no event. Throws TypeError.
std::vector<QueueEvent> events_of(nanobind::handle events);

/// Their commands.
DeviceQueue::Submissions submissions_of(nanobind::handle events);

/// Executes a command (see DeviceQueue); throws what goes wrong at once or, with `wait`, in the command.
QueueEvent run(const QueueRef& queue, const DeviceQueue::Append& append, const DeviceQueue::Submissions& after,
               Kept kept, bool wait);

}  // namespace metate::ext
