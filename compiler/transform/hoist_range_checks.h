// hoist_range_checks – range checks inside of loops become one comparison of extents in front of them.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// An outermost loop or nest whose remaining checks depend on values from outside only is copied: where the comparisons
/// hold that make all of its indices valid, the version without checks runs, else the one that has them, which raises
/// at the right iteration if an index is bad indeed. Without checks LLVM sees loops that it can vectorise. The branch
/// usually takes that version; the other one is rare and only cleaned up, or it would take longer to compile.
///
/// Requires: no handlers yet (before place_retains).
void hoist_range_checks(ir::Function& function, PassContext& context);

}  // namespace metate::transform
