// offload_nests – parallel nests of functions that are compiled for a device run there, where a device can run them.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Outermost parallel nests become device nests, each a kernel of its own. One that cannot stays parallel and says why.
/// Requires: Stage::kLoop, before reductions are planned: their chunks are then work-items, and the result has the bits
/// that it has on threads.
void offload_nests(ir::Function& function, PassContext& context);

}  // namespace metate::transform
