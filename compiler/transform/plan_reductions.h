// plan_reductions – gives every reduction of a parallel nest private partial results and a fixed combine tree.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Requires: array-level ops are gone (Stage::kLoop). Ensures: no parallel nest carries a value across iterations.
///
/// The iterations of the outermost axis are cut into chunks, each with partial results of its own that are combined in
/// order. Within a chunk, element i of a row adds to lane i mod 32 if rounding depends on the order; the lanes are
/// combined by halves, the last elements of the rows in order. The cut depends on the extents alone, so the result has
/// the same bits on any number of threads, and in the interpreter.
void plan_reductions(ir::Function& function, PassContext& context);

}  // namespace metate::transform
