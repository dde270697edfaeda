// expand.h – the scalar code of any row, emitted for given operands.
#pragma once

#include <span>

#include "compiler/ops/scalar_op.h"
#include "compiler/ops/term.h"

namespace metate::ops {

/// The result of a row. Operands have the dtypes of one of its loops (resolve.h); so has the result.
Term expand(ScalarOp op, std::span<const Term> operands);

}  // namespace metate::ops
