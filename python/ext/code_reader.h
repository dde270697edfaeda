// code_reader – a Python code object as the compiler's plain data.
#pragma once

#include <memory>

#include "compiler/bytecode/code_object.h"
#include "python/ext/ref.h"

namespace metate::ext {

/// Null with a Python exception set where an attribute cannot be read.
std::shared_ptr<const bytecode::CodeObject> read_code(PyObject* code);

}  // namespace metate::ext
