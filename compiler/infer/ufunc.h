// ufunc – elementwise functions with NumPy's meaning: the loop, the conversions, the broadcast result.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// np.<op>(operands…) of numbers and arrays: a NumPy scalar if no operand is an array.
Value apply_ufunc(Writer& writer, ScalarOp op, std::span<const Value> operands);
inline Value apply_ufunc(Writer& writer, ScalarOp op, std::initializer_list<Value> operands) {
  return apply_ufunc(writer, op, std::span<const Value>(operands.begin(), operands.size()));
}

/// np.<op>(operands…, out=out); the value is `out`. The result must be castable under 'same_kind'.
Value apply_ufunc_out(Writer& writer, ScalarOp op, std::span<const Value> operands, Value out);

/// The type of an elementwise result: an array of the operands' broadcast dimensions, or a scalar. Fortran order only
/// where all operands of full dimension have it.
TypeId broadcast_type(Writer& writer, std::span<const Value> operands, DType dtype);

/// A number (of Python or NumPy) or an array.
bool is_numeric(Writer& writer, Value value);

}  // namespace metate::infer
