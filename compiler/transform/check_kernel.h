// check_kernel – reports what a function that runs on a device cannot do, with its line.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Requires: Stage::kLoop. Changes nothing. Devices have no heap and no way back to Python, so kernels and the
/// functions that they call make no arrays, call no functions of the host and do without float16.
void check_kernel(ir::Function& function, PassContext& context);

}  // namespace metate::transform
