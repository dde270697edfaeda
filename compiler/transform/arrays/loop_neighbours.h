// loop_neighbours – why loops that the program wrote one behind the other stay apart, for people who read reports.
#pragma once

#include "compiler/ir/function.h"

namespace metate::transform {

/// Of each loop with a loop or an array expression behind it in its block: why they do not become one
/// (`NestData::unfused`). Asks the program as it was written, before expressions become loops.
void explain_neighbours(ir::Function& function);

}  // namespace metate::transform
