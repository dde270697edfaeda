// axes – the same elements under another shape: reshape, ravel, transpose, squeeze, broadcast_to.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/ops/array_function.h"

namespace metate::infer {

/// A contiguous array as one axis.
Value flatten(Writer& writer, Value array);
/// All elements in C order as one axis, a copy where they do not lie so.
Value flat_in_order(Writer& writer, Value array);

Value call_axes_function(Writer& writer, ops::ArrayFunction function, const BoundArguments& arguments);

}  // namespace metate::infer
