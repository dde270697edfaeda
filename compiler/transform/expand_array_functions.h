// expand_array_functions – calls of array functions become storage, assignments and nests.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Requires: Stage::kArray. Ensures: no `array` instruction is left; docs/ir.md lists those that there are.
void expand_array_functions(ir::Function& function, PassContext& context);

}  // namespace metate::transform
