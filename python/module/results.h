// results – slots of compiled code become Python objects: numbers are Python's, arrays NumPy's.
#pragma once

#include <Python.h>

#include "runtime/abi/standalone.h"

namespace metate::module {

/// A new reference to the function's result, or null with a Python exception set. `slots` are its arguments still.
PyObject* make_result(const abi::StandaloneFunction& function, const int64_t* results, const int64_t* slots,
                      PyObject* const* arguments);

}  // namespace metate::module
