// precheck_iterations – the checks of some hundred iterations are made before them, so that these can become vectors.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// An innermost loop or nest whose iterations may raise, as those that call `math.log`, is cut into blocks of
/// iterations. For each block a loop without stores finds out whether all its checks will hold. If so, the iterations
/// run without them; if not, as they were written, so that the first bad one raises and those before it are done.
///
/// The finding out reads what the iterations read before they write: arrays that are written and those that checks
/// depend on are compared at run time, and where they meet, iterations run as they were written. Checks that hold in
/// any case go.
///
/// Requires: reductions are planned, no handlers yet (before place_retains).
void precheck_iterations(ir::Function& function, PassContext& context);

}  // namespace metate::transform
