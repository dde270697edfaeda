// dead_code.h – removes what computes values that nothing needs.
#pragma once

#include "compiler/ir/function.h"

namespace metate::ir {

/// Removes unreachable blocks, and instructions without effect and block parameters that only serve each other. A nest
/// goes if its body has no effect and surely ends. Parameters of functions and nests stay. Says whether anything went.
bool remove_dead_code(Function& function);

}  // namespace metate::ir
