// raise – what failed, as the C++ exception by which nanobind raises Python's.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <utility>

#include "python/ext/errors.h"
#include "runtime/base/result.h"

namespace metate::ext {

[[noreturn]] inline void fail(const base::Error& error) {
  set_error(error);
  throw nanobind::python_error();
}

[[noreturn]] inline void fail(PyObject* type, const std::string& message) {
  PyErr_SetString(type, message.c_str());
  throw nanobind::python_error();
}

template <class T>
T take(base::Result<T> result) {
  if (!result) fail(result.error());
  return std::move(*result);
}

}  // namespace metate::ext
