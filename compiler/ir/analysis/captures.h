// captures – what a region takes from the code around it.
#pragma once

#include <vector>

#include "compiler/ir/function.h"

namespace metate::ir {

/// The values that a region uses and that are defined outside of it, each once, in order of first use.
std::vector<Value> captures_of(const Function& function, Region region);

}  // namespace metate::ir
