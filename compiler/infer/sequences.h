// sequences – np.arange and np.linspace.
#pragma once

#include "compiler/infer/arguments.h"

namespace metate::infer {

Value arange(Writer& writer, const BoundArguments& arguments);
Value linspace(Writer& writer, const BoundArguments& arguments);

}  // namespace metate::infer
