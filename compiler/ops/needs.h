// needs – what the scalar code of a row asks of a target beyond instructions.
#pragma once

#include <span>

#include "compiler/ops/scalar_op.h"

namespace metate::ops {

/// Whether the row's code for operands of these dtypes calls functions of complex numbers, which devices do not have.
bool needs_complex_functions(ScalarOp op, std::span<const types::DType> operands);

}  // namespace metate::ops
