#include "python/ext/event_object.h"

#include <new>
#include <utility>

#include "python/ext/fast_binding.h"
#include "python/ext/raise.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

/// CPython's memory is of zeros, which is an event of no command.
struct EventObject {
  PyObject_HEAD QueueEvent event;
};

PyTypeObject* event_class = nullptr;  // made once, and never let go

QueueEvent& event_of(PyObject* object) { return reinterpret_cast<EventObject*>(object)->event; }

void wait(const QueueEvent& event) {
  if (event.submission && !event.queue->wait(event.submission)) throw nb::python_error();
}

const Submission& timed(const QueueEvent& event) {
  if (!event.submission || !event.queue->options().profiling)
    fail(PyExc_ValueError,
         "only commands of a queue that keeps times have profiling information: "
         "metate.Queue(property=\"enable_profiling\")");
  return *event.submission;
}

nb::object nanoseconds(double time) { return nb::cast(static_cast<uint64_t>(time)); }

level_zero::CommandTimes times(const QueueEvent& event) {
  timed(event);
  wait(event);
  return take(event.submission->event.times());
}

nb::object wait_and_return(const QueueEvent& event) {
  wait(event);
  return nb::none();
}

nb::object wait_list(const QueueEvent& event) {
  nb::list events;
  if (event.submission)
    for (const std::shared_ptr<Submission>& submission : DeviceQueue::Submissions(event.submission->after))
      events.append(QueueEvent{event.queue, submission});
  return events;
}

nb::object is_done(const QueueEvent& event) {
  return nb::cast(!event.submission || event.queue->is_done(*event.submission));
}
nb::object submit_time(const QueueEvent& event) { return nanoseconds(timed(event).submitted_nanoseconds); }
nb::object start_time(const QueueEvent& event) { return nanoseconds(times(event).start_nanoseconds); }
nb::object end_time(const QueueEvent& event) { return nanoseconds(times(event).end_nanoseconds); }

PyObject* wait_for(PyObject*, PyObject* arguments, PyObject* named) {
  static const char* const kNames[] = {"events", nullptr};
  PyObject* events;
  if (!PyArg_ParseTupleAndKeywords(arguments, named, "O:wait_for", const_cast<char**>(kNames), &events)) return nullptr;
  return call_guarded([&] {
    for (const QueueEvent& event : events_of(events)) wait(event);
    return nb::object(nb::none());
  });
}

/// With a copy: Python code of others, which may run meanwhile, can make the object another event.
template <nb::object (*function)(const QueueEvent&)>
PyObject* call(PyObject* self, PyObject*) {
  return call_guarded([event = event_of(self)] { return function(event); });
}

template <nb::object (*function)(const QueueEvent&)>
PyObject* get(PyObject* self, void*) {
  return call<function>(self, nullptr);
}

PyObject* address(PyObject* self, PyObject*) { return PyLong_FromVoidPtr(&event_of(self)); }

int init(PyObject* self, PyObject* arguments, PyObject* named) {
  static const char* const kNames[] = {"event", nullptr};
  PyObject* given = Py_None;
  if (!PyArg_ParseTupleAndKeywords(arguments, named, "|O:Event", const_cast<char**>(kNames), &given)) return -1;
  const QueueEvent* event = event_in(given);
  if (!event && given != Py_None) {
    PyErr_Format(PyExc_TypeError, "Event() takes an Event or None, not a %s", Py_TYPE(given)->tp_name);
    return -1;
  }
  QueueEvent next = event ? *event : QueueEvent();
  std::swap(event_of(self), next);  // what was there goes when all is in order
  return 0;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(event_of(self).queue.object());
  return 0;
}

void dealloc(PyObject* self) {
  PyObject_GC_UnTrack(self);
  event_of(self).~QueueEvent();
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyMethodDef kMethods[] = {
    {"wait", &call<wait_and_return>, METH_NOARGS,
     "wait($self)\n--\n\nWait until the command is done, without the GIL. What went wrong in it is raised here, unless "
     "the queue has an `async_handler`, which is called with it."},
    {"wait_for", as_method(&wait_for), METH_VARARGS | METH_KEYWORDS | METH_STATIC,
     "wait_for(events)\n--\n\nWait for an event, or for all of a list."},
    {"get_wait_list", &call<wait_list>, METH_NOARGS,
     "get_wait_list($self)\n--\n\nThe events that the command still waits for."},
    {"addressof_ref", &address, METH_NOARGS,
     "addressof_ref($self)\n--\n\nThe address of Metate's own record of the event."},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef kProperties[] = {
    {"_is_done", &get<is_done>, nullptr, nullptr, nullptr},
    {"profiling_info_submit", &get<submit_time>, nullptr,
     "When the command was submitted, in nanoseconds on the device's clock.", nullptr},
    {"profiling_info_start", &get<start_time>, nullptr, "When the command began, in nanoseconds; waits for its end.",
     nullptr},
    {"profiling_info_end", &get<end_time>, nullptr, "When the command was done, in nanoseconds; waits for it.",
     nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

PyType_Slot kSlots[] = {
    {Py_tp_doc, const_cast<char*>("Event(event=None)\n--\n\nWhen a command of a queue is done. Commands that are "
                                  "submitted give one; `Event()` is of no command, and done.")},
    {Py_tp_init, reinterpret_cast<void*>(init)},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
    {Py_tp_methods, kMethods},
    {Py_tp_getset, kProperties},
    {0, nullptr},
};

PyType_Spec kSpec = {"metate._metate.Event", sizeof(EventObject), 0,
                     Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, kSlots};

}  // namespace

PyObject* make_event(QueueEvent event) {
  PyObject* object = event_class->tp_alloc(event_class, 0);
  if (object) new (&event_of(object)) QueueEvent(std::move(event));
  return object;
}

const QueueEvent* event_in(nb::handle object) {
  return PyObject_TypeCheck(object.ptr(), event_class) ? &event_of(object.ptr()) : nullptr;
}

void add_events(nb::module_& module) {
  event_class = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&kSpec));
  if (!event_class || PyModule_AddObjectRef(module.ptr(), "Event", reinterpret_cast<PyObject*>(event_class)) < 0)
    throw nb::python_error();
}

}  // namespace metate::ext
