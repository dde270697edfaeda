// results – slots of compiled code become Python objects: numbers and tuples are Python's, arrays NumPy's.
#pragma once

#include <Python.h>

#include "python/module/arguments.h"
#include "runtime/abi/standalone.h"

namespace metate::module {

/// A new reference to the function's result, or null with a Python exception set. `given` are its arguments still.
PyObject* make_result(const abi::StandaloneFunction& function, const int64_t* results, const Arguments& given);

}  // namespace metate::module
