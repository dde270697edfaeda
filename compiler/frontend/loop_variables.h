// loop_variables.h – which variables a prange loop assigns, and which of them carry values between iterations.
#pragma once

#include "compiler/frontend/parallel_loop.h"

namespace metate::frontend {

/// Fills in `loop.variables`; the loop's blocks are known.
void find_loop_variables(const FlowGraph& graph, const bytecode::DecodedFunction& decoded, ParallelLoop& loop);

}  // namespace metate::frontend
