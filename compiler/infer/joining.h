// joining – np.concatenate and np.stack.
#pragma once

#include "compiler/infer/arguments.h"

namespace metate::infer {

Value concatenate(Writer& writer, const BoundArguments& arguments);
Value stack(Writer& writer, const BoundArguments& arguments);

}  // namespace metate::infer
