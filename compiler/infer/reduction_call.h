// reduction_call – calls of sum, max, any and the other rows of ops/reductions.def.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/ops/reduction.h"

namespace metate::infer {

Value call_reduction(Writer& writer, ops::ReductionId reduction, const BoundArguments& arguments);

/// All elements of an array.
Value reduce_all(Writer& writer, ops::ReductionId reduction, Value array);

}  // namespace metate::infer
