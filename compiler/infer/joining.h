// joining – one array of several: np.concatenate, np.stack and their kin.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/ops/array_function.h"

namespace metate::infer {

Value concatenate(Writer& writer, const BoundArguments& arguments);
/// np.vstack, np.hstack, np.column_stack
Value stack_along(Writer& writer, ops::ArrayFunction function, const BoundArguments& arguments);
Value append(Writer& writer, const BoundArguments& arguments);
Value stack(Writer& writer, const BoundArguments& arguments);

}  // namespace metate::infer
