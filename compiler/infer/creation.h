// creation – new arrays: np.zeros, np.full_like, np.arange, np.eye.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/ops/array_function.h"

namespace metate::infer {

/// A new array, its elements not set.
Value allocate(Writer& writer, DType dtype, std::span<const Value> extents, types::Layout layout = types::Layout::kC);

/// 0, 1, … count-1.
Value counting(Writer& writer, Value count);

Value call_creation(Writer& writer, ops::ArrayFunction function, const BoundArguments& arguments);

}  // namespace metate::infer
