// dispatcher – the callable that a decorated function becomes: finds the compiled code for its arguments and calls it.
#pragma once

#include "compiler/types/constant.h"
#include "python/ext/ref.h"

namespace metate::ext {

/// Adds the type Dispatcher to the module. False with a Python exception set.
bool add_dispatcher(PyObject* module);

/// The callee behind a dispatcher, for calls between compiled functions; invalid, without exception, for other objects.
/// The session's lock and the GIL are held.
types::ConstantId callee_of_dispatcher(PyObject* object);

}  // namespace metate::ext
