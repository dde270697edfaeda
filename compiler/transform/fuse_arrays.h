// fuse_arrays – array expressions, assignments and reductions become one loop nest each, without temporaries.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Requires: Stage::kArray. Ensures: no `op`, `cast` works on whole arrays.
void fuse_arrays(ir::Function& function, PassContext& context);

}  // namespace metate::transform
