// order – the blocks of a function, definitions before uses.
#pragma once

#include <vector>

#include "compiler/ir/function.h"

namespace metate::infer {

/// Reverse postorder of the region's blocks that its entry reaches, by jumps or by handlers.
std::vector<ir::Block> reverse_postorder(const ir::Function& function, ir::Region region);

/// All blocks: the body's in reverse postorder, each followed by those of the nests that stand in it.
std::vector<ir::Block> block_order(const ir::Function& function);

}  // namespace metate::infer
