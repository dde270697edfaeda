#include "python/ext/queue_submit.h"

#include <iterator>
#include <string>

#include "python/ext/fast_binding.h"
#include "python/ext/imported.h"
#include "python/ext/raise.h"

namespace nb = nanobind;

namespace metate::ext {
namespace {

/// The arguments of a call, borrowed from it.
struct Submitted {
  PyObject *kernel, *arguments, *global_size, *local_size, *after;
};

/// CPython binds what has names, and says what is missing or too much.
Submitted bind_by_name(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, const char* format) {
  const Py_ssize_t named = keywords ? PyTuple_GET_SIZE(keywords) : 0;
  const Ref positional = Ref::steal(PyTuple_New(count));
  const Ref by_name = Ref::steal(PyDict_New());
  if (!positional || !by_name) throw nb::python_error();
  for (Py_ssize_t i = 0; i < count; ++i) PyTuple_SET_ITEM(positional.get(), i, Py_NewRef(arguments[i]));
  for (Py_ssize_t i = 0; i < named; ++i)
    if (PyDict_SetItem(by_name.get(), PyTuple_GET_ITEM(keywords, i), arguments[count + i]) != 0)
      throw nb::python_error();
  static const char* const kNames[] = {"kernel", "args", "gS", "lS", "dEvents", nullptr};
  Submitted bound{nullptr, nullptr, nullptr, Py_None, Py_None};
  if (!PyArg_ParseTupleAndKeywords(positional.get(), by_name.get(), format, const_cast<char**>(kNames), &bound.kernel,
                                   &bound.arguments, &bound.global_size, &bound.local_size, &bound.after))
    throw nb::python_error();
  return bound;
}

Submitted bind(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, const char* format) {
  if (keywords || count < 3 || count > 5) return bind_by_name(arguments, count, keywords, format);
  return {arguments[0], arguments[1], arguments[2], count > 3 ? arguments[3] : Py_None,
          count > 4 ? arguments[4] : Py_None};
}

/// What a kernel is launched by.
nb::object launcher_of(nb::handle kernel) {
  static PyObject* const name = PyUnicode_InternFromString("_launch_on");
  nb::object launcher = nb::steal(PyObject_GetAttr(kernel.ptr(), name));
  if (launcher.is_valid()) return launcher;
  if (!PyErr_ExceptionMatches(PyExc_AttributeError)) throw nb::python_error();
  PyErr_Clear();
  fail(PyExc_TypeError,
       std::string("a queue runs functions decorated with @kernel, not a ") + Py_TYPE(kernel.ptr())->tp_name);
}

/// Where global ids begin: sizes other than a Range do not say.
nb::object offset_of(nb::handle global_size) {
  if (PyLong_CheckExact(global_size.ptr()) || PyTuple_CheckExact(global_size.ptr())) return nb::none();
  static constinit Imported function("metate.launch_ranges", "offset_of");
  if (!function.get()) throw nb::python_error();
  return nb::handle(function.get())(global_size);
}

nb::object submit(PyObject* queue, const Submitted& given, PyObject* wait) {
  static PyObject* const item = PyUnicode_InternFromString("item");
  static PyObject* const nd_item = PyUnicode_InternFromString("nd_item");
  const nb::object launcher = launcher_of(given.kernel);
  const nb::object offset = offset_of(given.global_size);
  const Ref arguments = Ref::steal(PySequence_Tuple(given.arguments));
  if (!arguments) throw nb::python_error();
  PyObject* const launched[] = {queue,
                                Py_None,
                                given.local_size == Py_None ? item : nd_item,
                                given.global_size,
                                given.local_size,
                                offset.ptr(),
                                arguments.get(),
                                given.after,
                                wait};
  nb::object event = nb::steal(PyObject_Vectorcall(launcher.ptr(), launched, std::size(launched), nullptr));
  if (!event.is_valid()) throw nb::python_error();
  return event;
}

PyObject* submit_and_wait(PyObject* queue, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return call_guarded([&] { return submit(queue, bind(arguments, count, keywords, "OOO|OO:submit"), Py_True); });
}

PyObject* submit_async(PyObject* queue, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return call_guarded([&] { return submit(queue, bind(arguments, count, keywords, "OOO|OO:submit_async"), Py_False); });
}

}  // namespace

PyMethodDef submit_methods[] = {
    {"submit", as_method(&submit_and_wait), METH_FASTCALL | METH_KEYWORDS,
     "submit($self, kernel, args, gS, lS=None, dEvents=None)\n--\n\n"
     "Run `kernel` with `args` over the global size `gS` and wait for it; an error in it is raised here.\n\n"
     "`lS` is the size of work-groups, or None where the device chooses; both are ints or sequences of up to 3 ints,\n"
     "the outermost dimension first. The kernel begins when the events `dEvents` are signalled. A kernel that has one\n"
     "parameter more than there are `args` gets an `Item`, or with `lS` an `NdItem`, as its first."},
    {"submit_async", as_method(&submit_async), METH_FASTCALL | METH_KEYWORDS,
     "submit_async($self, kernel, args, gS, lS=None, dEvents=None)\n--\n\n"
     "As `submit`, but it does not wait: an `Event` says when the kernel is done. Arguments live until then."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace metate::ext
