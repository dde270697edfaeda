// check_races – a warning where iterations of a prange loop may touch the same element of an array.
#pragma once

#include "compiler/transform/pass.h"

namespace metate::transform {

/// For each parallel nest that a user wrote: every element that it writes must be told apart from all others that it
/// reads or writes by an index that is linear in the loop's variable. Private arrays and reduction variables are none
/// of its business. What the indices do not tell is a possible race: MT4003, with both accesses.
///
/// Requires: Stage::kLoop, before nests are copied or planned.
void check_races(ir::Function& function, PassContext& context);

}  // namespace metate::transform
