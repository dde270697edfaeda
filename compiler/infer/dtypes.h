// dtypes – dtypes as arguments (np.float32, "f4", float) and as constructors.
#pragma once

#include "compiler/infer/arguments.h"

namespace metate::infer {

/// What `dtype=value` names: np.float32, np.dtype objects, "float32", float, int, bool, complex. Nothing for other
/// values.
std::optional<DType> dtype_argument(Writer& writer, Value value);

/// np.float32(x): a number as a NumPy scalar, an array converted.
Value construct(Writer& writer, DType dtype, Value x);

}  // namespace metate::infer
