// tidy – takes out pure instructions that nothing uses: parts of Python values that only the types were needed of.
#pragma once

#include "compiler/ir/function.h"

namespace metate::infer {

void remove_unused(ir::Function& function);

}  // namespace metate::infer
