// environment – answers the compiler's questions about a Python function's globals, closure and attributes.
#pragma once

#include <memory>

#include "compiler/frontend/environment.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

/// Takes the GIL for each question. What raises in Python (a property, a broken __getattr__) counts as not there.
/// `locals` is null, or a dict from names of local variables to what their values are converted by.
std::shared_ptr<frontend::Environment> make_environment(Interpreter& interpreter, PyObject* function, PyObject* locals);

}  // namespace metate::ext
