// pipeline – the passes between inference and code generation, in order: the table of contents of the compiler.
#pragma once

#include <functional>

#include "compiler/ir/function.h"
#include "compiler/support/diagnostics.h"
#include "compiler/transform/pass.h"

namespace metate::driver {

/// Sees a function as a stage ("infer", or a pass) has left it.
using StageObserver = std::function<void(std::string_view stage, const ir::Function& function)>;

/// Takes a function from the array stage to the loop stage. False after an error.
bool run_pipeline(ir::Function& function, const transform::CalleeBodies& callees, support::Diagnostics& diagnostics,
                  const StageObserver& observe);

}  // namespace metate::driver
