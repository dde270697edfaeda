// finish.h – a translated function in its final, tidy form.
#pragma once

#include "compiler/frontend/liveness.h"

namespace metate::frontend {

/// Copies what is live: blocks in reverse postorder, joined where control just runs on, without those that do nothing;
/// parameters in the order of their variables; jumps with their arguments. Only the meaning of the bytecode shows in
/// the result, not how it was laid out.
ir::Function finish(const ir::Function& draft, const Ssa& ssa, const Liveness& live);

}  // namespace metate::frontend
