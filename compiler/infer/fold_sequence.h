// fold_sequence – sum() and its like: one value out of all elements of an iterable, in their order.
#pragma once

#include <functional>

#include "compiler/infer/writer.h"

namespace metate::infer {

using Combine = std::function<Value(Writer&, Value accumulator, Value element)>;

/// combine(…combine(combine(start, x[first]), x[first + 1])…). The accumulator's type is the join of `start` and what
/// `combine` gives. Elements of a tuple may differ in type; others are run over by a serial nest.
Value fold_sequence(Writer& writer, Value iterable, Value start, int64_t first, ScalarOp op, const Combine& combine);

}  // namespace metate::infer
