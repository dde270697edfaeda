// foreign_call – calls of C functions by their address, and C arrays as NumPy arrays.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/infer/calls.h"

namespace metate::infer {

/// Calls a constant of kind kForeign. Numbers are converted as its argument types say; a pointer takes a contiguous
/// array of its dtype, None, or an address.
Value call_foreign(Writer& writer, ConstantId function, const Arguments& arguments);

/// metate.carray and metate.farray.
std::span<const NamedFunction> foreign_functions();

}  // namespace metate::infer
