// copies – arrays out of arrays, numbers and displays: np.array, np.asarray, x.copy, x.astype.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/ops/array_function.h"

namespace metate::infer {

/// np.asarray(value): the array itself, or one made of a number or of the numbers and arrays of a tuple or list.
Value to_array(Writer& writer, Value value, std::optional<DType> dtype);

/// A new array with the same elements.
Value copy_array(Writer& writer, Value array, types::Layout layout);

Value call_copy(Writer& writer, ops::ArrayFunction function, const BoundArguments& arguments);

}  // namespace metate::infer
