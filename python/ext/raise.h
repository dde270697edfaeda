// raise – what failed, as the C++ exception by which nanobind raises Python's.
#pragma once

#include <nanobind/nanobind.h>

#include <string_view>
#include <utility>

#include "python/ext/errors.h"
#include "python/ext/text.h"
#include "runtime/base/result.h"

namespace metate::ext {

[[noreturn]] inline void fail(const base::Error& error) {
  set_error(error);
  throw nanobind::python_error();
}

[[noreturn]] inline void fail(PyObject* type, std::string_view message) {
  set_error(type, message);
  throw nanobind::python_error();
}

template <class T>
T take(base::Result<T> result) {
  if (!result) fail(result.error());
  return std::move(*result);
}

/// as_text for nanobind.
inline nanobind::str str_of(std::string_view text) {
  Ref made = as_text(text);
  if (!made) throw nanobind::python_error();
  return nanobind::steal<nanobind::str>(made.release());
}

}  // namespace metate::ext
