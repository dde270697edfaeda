#include "python/ext/event.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/vector.h>

#include "python/ext/raise.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

void wait(const QueueEvent& event) {
  if (event.submission && !event.queue->wait(event.submission)) throw nb::python_error();
}

bool is_done(const QueueEvent& event) { return !event.submission || event.queue->is_done(*event.submission); }

const Submission& timed(const QueueEvent& event) {
  if (!event.submission || !event.queue->options().profiling)
    fail(PyExc_ValueError,
         "only commands of a queue that keeps times have profiling information: "
         "metate.Queue(property=\"enable_profiling\")");
  return *event.submission;
}

uint64_t to_nanoseconds(double time) { return static_cast<uint64_t>(time); }

level_zero::CommandTimes times(const QueueEvent& event) {
  timed(event);
  wait(event);
  return take(event.submission->event.times());
}

std::vector<QueueEvent> wait_list(const QueueEvent& event) {
  std::vector<QueueEvent> events;
  if (event.submission)
    for (const std::shared_ptr<Submission>& submission : event.submission->after)
      events.push_back({event.queue, submission});
  return events;
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(object));
  if (nb::inst_ready(object)) Py_VISIT(nb::inst_ptr<QueueEvent>(object)->queue.object());
  return 0;
}

PyType_Slot kSlots[] = {{Py_tp_traverse, reinterpret_cast<void*>(&traverse)}, {0, nullptr}};

}  // namespace

DeviceQueue::Submissions submissions_of(nb::handle events) {
  DeviceQueue::Submissions submissions;
  auto add = [&](nb::handle object) {
    if (!nb::isinstance<QueueEvent>(object))
      fail(PyExc_TypeError,
           std::string("a command waits for metate.Event objects, not for a ") + Py_TYPE(object.ptr())->tp_name);
    if (const auto& event = nb::cast<const QueueEvent&>(object); event.submission)
      submissions.push_back(event.submission);
  };
  if (events.is_none()) return submissions;
  if (nb::isinstance<QueueEvent>(events) || !PySequence_Check(events.ptr())) {
    add(events);
    return submissions;
  }
  for (nb::handle event : events) add(event);
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

void add_events(nb::module_& module) {
  nb::class_<QueueEvent>(module, "Event", nb::type_slots(kSlots),
                         "When a command of a queue is done. Commands that are submitted give one; `Event()` is of no "
                         "command, and done.")
      .def(
          "__init__",
          [](QueueEvent* self, std::optional<QueueEvent> event) {
            new (self) QueueEvent(event.value_or(QueueEvent()));
          },
          nb::arg("event") = nb::none())
      .def(
          "wait", &wait,
          "Wait until the command is done, without the GIL. What went wrong in it is raised here, unless the queue has "
          "an `async_handler`, which is called with it.")
      .def_static(
          "wait_for",
          [](nb::object events) {
            if (nb::isinstance<QueueEvent>(events)) return wait(nb::cast<const QueueEvent&>(events));
            submissions_of(events);  // refuses what is none before anything is waited for
            for (nb::handle event : events) wait(nb::cast<const QueueEvent&>(event));
          },
          nb::arg("events"), "Wait for an event, or for all of a list.")
      .def("get_wait_list", &wait_list, "The events that the command still waits for.")
      .def(
          "addressof_ref", [](const QueueEvent& event) { return reinterpret_cast<uintptr_t>(&event); },
          "The address of Metate's own record of the event.")
      .def_prop_ro("_is_done", &is_done)
      .def_prop_ro(
          "profiling_info_submit",
          [](const QueueEvent& event) { return to_nanoseconds(timed(event).submitted_nanoseconds); },
          "When the command was submitted, in nanoseconds on the device's clock.")
      .def_prop_ro(
          "profiling_info_start",
          [](const QueueEvent& event) { return to_nanoseconds(times(event).start_nanoseconds); },
          "When the command began, in nanoseconds; waits for its end.")
      .def_prop_ro(
          "profiling_info_end", [](const QueueEvent& event) { return to_nanoseconds(times(event).end_nanoseconds); },
          "When the command was done, in nanoseconds; waits for it.");
}

}  // namespace metate::ext
