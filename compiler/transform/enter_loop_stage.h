// enter_loop_stage – the border between array level and loop level.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Requires: every instruction is of the loop stage; one that is not has been left over by the passes before and is
/// reported to the user. Ensures: Stage::kLoop.
void enter_loop_stage(ir::Function& function, PassContext& context);

}  // namespace metate::transform
