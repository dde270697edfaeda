// store – values on their way into an array's elements.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// What x[i] = value stores, as the dtype of x: NumPy's assignment converts anything but Python's complex to real.
/// Raises where NumPy does: a Python int that does not fit, a Python nan or inf for an integer.
Value convert_for_store(Writer& writer, Value value, DType dtype);

/// Whether an array can be written to; where not, the error is reported.
bool require_writable(Writer& writer, Value array);

/// array[...] = value, with broadcasting.
void assign(Writer& writer, Value array, Value value);

/// How NumPy says that `out` is no place for a result.
struct ResultWords {
  std::string function;  // "np.sum()"
  std::string wrong_shape;
};
/// The result of a function with out=: stored in `out`, which then is the result; the result itself where that is None.
/// Unlike `assign` it takes an array of the very shape only, and no dtype of a lower kind.
Value store_result(Writer& writer, Value out, Value result, const ResultWords& words);

}  // namespace metate::infer
