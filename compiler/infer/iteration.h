// iteration – what a `for` loop runs over: how many elements there are, and the k-th.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

Value iteration_count(Writer& writer, Value iterable);
/// Requires 0 <= k < iteration_count.
Value iteration_at(Writer& writer, Value iterable, Value k);

/// The indices of the k-th element in C order. Requires 0 <= k < size.
std::vector<Value> flat_indices(Writer& writer, Value array, Value k);

bool is_iterable(Writer& writer, Value value);

}  // namespace metate::infer
