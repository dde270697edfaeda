// products – np.dot, np.matmul and @, np.vdot.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/ops/array_function.h"

namespace metate::infer {

Value call_product(Writer& writer, ops::ArrayFunction function, const BoundArguments& arguments);

}  // namespace metate::infer
