// fold.h – rows and conversions computed on values: constant folding, and what the reference interpreter stands on.
#pragma once

#include <span>

#include "compiler/ops/scalar_op.h"
#include "compiler/types/scalar.h"

namespace metate::ops {

/// The result of a row, bit for bit what compiled code on this machine computes. Operands have the dtypes of one of the
/// row's loops.
types::Scalar evaluate(ScalarOp op, std::span<const types::Scalar> operands);
inline types::Scalar evaluate(ScalarOp op, std::initializer_list<types::Scalar> operands) {
  return evaluate(op, std::span(operands.begin(), operands.size()));
}

/// As ndarray.astype.
types::Scalar cast(const types::Scalar& value, types::DType dtype);

}  // namespace metate::ops
