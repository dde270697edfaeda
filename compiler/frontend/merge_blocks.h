// merge_blocks.h – copies of one piece of source become one block again, blocks that do nothing go.
#pragma once

#include <vector>

#include "compiler/frontend/control_flow.h"

namespace metate::frontend {

/// Merges blocks that do the same at the same place in the source and go on alike: CPython's compilers copy the
/// condition of a `while` to the loop's end and short exits to the jumps that lead there, each version in other cases.
/// Ends of expressions that leave the function become copies everywhere instead. Returns the entry. Blocks that are no
/// longer reachable stay where they are.
FlowBlockId merge_blocks(FlowGraph& graph, const std::vector<bytecode::Instruction>& instructions);

}  // namespace metate::frontend
