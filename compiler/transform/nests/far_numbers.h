// far_numbers – 0-d arrays of a function for a device, which the host may not reach.
#pragma once

#include "compiler/ir/function.h"

namespace metate::transform {

/// What the host reads and writes in 0-d arrays, which take part in its code as numbers do, becomes nests of the
/// device. Not in parallel loops that stay on the host: these do not wait for the device in each iteration.
void fetch_numbers(ir::Function& function);

}  // namespace metate::transform
