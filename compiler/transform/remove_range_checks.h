// remove_range_checks – indices that are in range wherever they are used are no longer checked or wrapped.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// Each `index` loses its wrap where its operand is never negative, and goes altogether where it is also below the
/// extent. Of two with the same operands the later one goes where the earlier one has run.
void remove_range_checks(ir::Function& function, PassContext& context);

}  // namespace metate::transform
