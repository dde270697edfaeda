// null_lowering – the smallest target: a template for new ones, and the double by which codegen is tested.
#pragma once

#include <memory>

#include "compiler/codegen/target_lowering.h"

namespace metate::target::null {

/// A machine with one address space, no threads and no host: nests run as loops, an error only returns its status, and
/// there is one work-item. What it does not have, it asks for by name: mathematics stays calls, printing is a call of
/// `null.print`.
std::unique_ptr<codegen::TargetLowering> make_lowering();

}  // namespace metate::target::null
