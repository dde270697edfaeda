// store – values on their way into an array's elements.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// What x[i] = value stores, as the dtype of x: NumPy's assignment converts anything but Python's complex to real.
/// Raises where NumPy does: a Python int that does not fit, a Python nan or inf for an integer.
Value convert_for_store(Writer& writer, Value value, DType dtype);

/// array[...] = value, with broadcasting.
void assign(Writer& writer, Value array, Value value);

}  // namespace metate::infer
