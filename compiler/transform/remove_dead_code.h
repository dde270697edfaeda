// remove_dead_code – what nothing needs goes, so that later passes and LLVM do not look at it.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// ir::remove_dead_code as a pass, at any stage.
void remove_dead_code(ir::Function& function, PassContext& context);

}  // namespace metate::transform
