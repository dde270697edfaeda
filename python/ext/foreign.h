// foreign – C functions that Python knows, through ctypes or by their addresses, as constants of compiled code.
#pragma once

#include "compiler/types/constant.h"
#include "python/ext/ref.h"

namespace metate::ext {

class Interpreter;

/// Whether it is a function pointer of ctypes or follows WrapperAddressProtocol of metate/types.py. Loads nothing: who
/// has such an object has loaded ctypes.
bool is_foreign(PyObject* object);

/// The constant of such an object: of kind kForeign, or kObject with the reason where compiled code cannot call it.
/// Session's lock and GIL are held.
types::ConstantId foreign_constant(PyObject* object, Interpreter& interpreter);

}  // namespace metate::ext
