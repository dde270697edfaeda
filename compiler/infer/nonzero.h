// nonzero – where an array's elements are true: np.nonzero and its kin, and masks as indices.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/infer/writer.h"
#include "compiler/ops/array_function.h"

namespace metate::infer {

/// One array of int64 indices an axis, in C order of the elements.
std::vector<Value> nonzero(Writer& writer, Value array);

/// np.nonzero, np.flatnonzero, np.argwhere
Value call_nonzero(Writer& writer, ops::ArrayFunction function, const BoundArguments& arguments);

}  // namespace metate::infer
