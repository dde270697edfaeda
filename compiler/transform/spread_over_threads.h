// spread_over_threads – which nests run on several threads, and from which size on.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Requires: reductions are planned. Ensures: a parallel nest is worth it: the function asks for threads, no nest
/// around it uses them already, and its grain says how many iterations are worth a piece of their own. Others are
/// serial; what they compute is the same. Of nests of array expressions one in the other, the outer one leaves the
/// threads to the inner ones where it has few iterations, which is decided at run time.
void spread_over_threads(ir::Function& function, PassContext& context);

}  // namespace metate::transform
