// fast_binding – for what programs do by the million: CPython's own calling convention, and objects of nanobind's
// classes without its searches for names, defaults, converters and classes, which take as long as a launch.
#pragma once

#include <nanobind/nanobind.h>

#include <exception>
#include <new>
#include <utility>

namespace metate::ext {

/// What `body` gives, a new reference, or null with what it throws as Python's exception.
template <class Body>
PyObject* call_guarded(const Body& body) noexcept {
  try {
    return nanobind::object(body()).release().ptr();
  } catch (nanobind::python_error& error) {
    error.restore();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

/// For a table of methods.
template <class Function>
PyCFunction as_method(Function* function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(function));
}

/// The class of a type that is bound; it lives as long as the process.
template <class T>
nanobind::handle class_of() {
  static const nanobind::handle found = nanobind::type<T>();
  return found;
}

/// Whether it holds a T: an object whose `__init__` did not run does not.
template <class T>
bool holds(nanobind::handle object) {
  static PyTypeObject* last = nullptr;  // most often it is of the same subclass as the one before; never let go
  PyTypeObject* const type = Py_TYPE(object.ptr());
  if (type != last) {
    if (!PyType_IsSubtype(type, reinterpret_cast<PyTypeObject*>(class_of<T>().ptr()))) return false;
    PyTypeObject* const before = std::exchange(last, reinterpret_cast<PyTypeObject*>(Py_NewRef(type)));
    Py_XDECREF(before);
  }
  return nanobind::inst_ready(object);
}

}  // namespace metate::ext
