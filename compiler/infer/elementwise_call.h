// elementwise_call – calls of NumPy's elementwise functions: np.add(a, b, out=c), np.clip(x, 0, None), np.where.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/ops/names.h"

namespace metate::infer {

Value call_elementwise(Writer& writer, const ops::NumpyFunction& function, const BoundArguments& arguments);

/// np.where(condition, x, y)
Value where(Writer& writer, const BoundArguments& arguments);

}  // namespace metate::infer
