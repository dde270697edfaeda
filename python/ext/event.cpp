#include "python/ext/event.h"

#include <string>
#include <utility>

#include "python/ext/event_object.h"
#include "python/ext/raise.h"

namespace nb = nanobind;

namespace metate::ext {

std::vector<QueueEvent> events_of(nb::handle events) {
  std::vector<QueueEvent> found;
  auto add = [&](nb::handle object) {
    const QueueEvent* event = event_in(object);
    if (!event)
      fail(PyExc_TypeError,
           std::string("a command waits for metate.Event objects, not for a ") + Py_TYPE(object.ptr())->tp_name);
    found.push_back(*event);
  };
  if (events.is_none()) return found;
  if (event_in(events) || !PySequence_Check(events.ptr())) {
    add(events);
    return found;
  }
  for (nb::handle event : events) add(event);
  return found;
}

DeviceQueue::Submissions submissions_of(nb::handle events) {
  DeviceQueue::Submissions submissions;
  if (events.is_none()) return submissions;
  for (QueueEvent& event : events_of(events))
    if (event.submission) submissions.push_back(std::move(event.submission));
  return submissions;
}

QueueEvent run(const QueueRef& queue, const DeviceQueue::Append& append, const DeviceQueue::Submissions& after,
               Kept kept, bool wait) {
  std::shared_ptr<Submission> submission = queue->execute(append, after, std::move(kept), wait);
  if (!submission) throw nb::python_error();
  if (wait && submission->failed()) {
    submission->set_error();
    throw nb::python_error();
  }
  return {queue, std::move(submission)};
}

}  // namespace metate::ext
