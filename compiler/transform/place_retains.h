// place_retains – counts the owners of arrays, on every path, error edges included.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Every array value stands on *roots*: results of `alloc` and `call`, parameters of blocks (but not of the function's
/// entry, whose arrays the caller holds) and results of nests. A root holds one count from where it is made to where
/// the last value that stands on it dies; views and tuples hold nothing of their own.
///
///   - Arguments of a block parameter, initial accumulators, yielded and returned values hand over a count: the root's
///     own where it ends there, else a retained one.
///   - A root that dies in a block is released after the last use; one that dies on an edge, on that edge.
///   - An instruction that may raise gets a handler that releases the roots that are alive before it.
///
/// Requires: Stage::kLoop, no handlers yet. Ensures: every count that is taken is given back exactly once.
void place_retains(ir::Function& function, PassContext& context);

}  // namespace metate::transform
