#include "python/module/errors.h"

#include <string.h>

#include "runtime/standalone/host.h"
#include "runtime/standalone/text.h"

namespace metate::module {
namespace {

using abi::StandaloneSite;

PyObject* text_of(const StandaloneSite& site, const int64_t* values) {
  char short_text[256];
  const size_t length = standalone::write_text(site, values, short_text, sizeof short_text);
  if (length < sizeof short_text) return PyUnicode_FromStringAndSize(short_text, static_cast<Py_ssize_t>(length));
  auto* text = static_cast<char*>(PyMem_Malloc(length + 1));
  if (!text) return PyErr_NoMemory();
  standalone::write_text(site, values, text, length + 1);
  PyObject* made = PyUnicode_FromStringAndSize(text, static_cast<Py_ssize_t>(length));
  PyMem_Free(text);
  return made;
}

/// The class "module.Class"; RuntimeError where it cannot be found any more.
PyObject* find_class(const char* name) {
  const char* dot = strrchr(name, '.');
  PyObject* found = nullptr;
  if (dot) {
    PyObject* module_name = PyUnicode_FromStringAndSize(name, dot - name);
    PyObject* module = module_name ? PyImport_Import(module_name) : nullptr;
    found = module ? PyObject_GetAttrString(module, dot + 1) : nullptr;
    Py_XDECREF(module_name);
    Py_XDECREF(module);
  }
  if (found && PyType_Check(found) &&
      PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(found), reinterpret_cast<PyTypeObject*>(PyExc_BaseException)))
    return found;
  Py_XDECREF(found);
  PyErr_Clear();
  Py_INCREF(PyExc_RuntimeError);
  return PyExc_RuntimeError;
}

/// raise ValueError(x): a lone number is the exception's argument as it is.
PyObject* argument_of(const StandaloneSite& site, const int64_t* values) {
  if (site.message[0] != abi::kValueMark || site.message[1] == 0 || site.message[2] != 0) return text_of(site, values);
  double parts[2];
  memcpy(parts, values, site.message[1] == 'F' || site.message[1] == 'D' ? sizeof parts : sizeof parts[0]);
  switch (site.message[1]) {
    case '?':
      return PyBool_FromLong(values[0] & 1);
    case 'B':
    case 'H':
    case 'I':
    case 'L':
      return PyLong_FromUnsignedLongLong(static_cast<unsigned long long>(values[0]));
    case 'e':
    case 'f':
    case 'd':
      return PyFloat_FromDouble(parts[0]);
    case 'F':
    case 'D':
      return PyComplex_FromDoubles(parts[0], parts[1]);
    default:
      return PyLong_FromLongLong(values[0]);
  }
}

void add_note(const StandaloneSite& site) {
  if (!site.file) return;
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  PyObject* note = PyUnicode_FromFormat("  File \"%s\", line %lld, in %s", site.file, static_cast<long long>(site.line),
                                        site.function ? site.function : "?");
  PyObject* done = note && value ? PyObject_CallMethod(value, "add_note", "O", note) : nullptr;
  Py_XDECREF(note);
  Py_XDECREF(done);
  PyErr_Clear();  // 3.10 has no notes, and the exception itself is what counts
  PyErr_Restore(type, value, traceback);
}

}  // namespace

void raise_recorded(const abi::StandaloneFunction& function, const abi::ErrorRecord& record) {
  if (PyErr_Occurred()) return;  // printing raised
  if (record.site < 0 || !function.sites[record.site].exception) {
    PyErr_SetString(PyExc_RuntimeError, "compiled code reported an error without recording it");
    return;
  }
  const StandaloneSite& site = function.sites[record.site];
  PyObject* type = find_class(site.exception);
  PyObject* argument = site.message ? argument_of(site, record.values) : nullptr;
  if (!site.message) {
    PyErr_SetNone(type);
  } else if (argument) {
    PyErr_SetObject(type, argument);
  }
  Py_DECREF(type);
  Py_XDECREF(argument);
  add_note(site);
  for (int i = 0; i < record.trace_length && i < abi::kMaxTrace; ++i) add_note(function.sites[record.trace[i]]);
}

int32_t print(abi::Context* context, int32_t number, const int64_t* values) {
  const StandaloneSite& site = reinterpret_cast<const standalone::Host*>(context->host)->sites[number];
  const PyGILState_STATE state = PyGILState_Ensure();
  PyObject* out = PySys_GetObject("stdout");
  PyObject* text = text_of(site, values);
  const bool failed = !text || (out && out != Py_None && PyFile_WriteObject(text, out, Py_PRINT_RAW) != 0);
  Py_XDECREF(text);
  PyGILState_Release(state);
  if (!failed) return abi::kOk;
  context->error.site = -1;
  context->error.trace_length = 0;
  return abi::kRaised;
}

}  // namespace metate::module
