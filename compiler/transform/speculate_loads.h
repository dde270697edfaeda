// speculate_loads – elements that are there in any case are read before the condition that asks for them.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// A load in a block behind a branch moves to the branch where its indices are in range there too: reading does no
/// harm, and a loop whose conditional blocks only compute can be made of selects, and so of vectors.
void speculate_loads(ir::Function& function, PassContext& context);

}  // namespace metate::transform
