// flatten_conditions – short conditional blocks in loops become selects, so that the loop can become vectors.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Blocks of a loop or nest that only do cheap arithmetic, and are entered by one branch, are computed before it: the
/// values that differ are selected, and conditions joined by `and` and `or` are evaluated whole. Branches that leave a
/// loop stay.
///
/// Requires: no handlers yet (before place_retains).
void flatten_conditions(ir::Function& function, PassContext& context);

}  // namespace metate::transform
