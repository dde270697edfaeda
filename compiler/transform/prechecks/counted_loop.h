// counted_loop – an innermost loop made of blocks that counts from 0: `for` over a range, an array.
#pragma once

#include <optional>

#include "compiler/ir/analysis/loops.h"
#include "compiler/ir/analysis/uses.h"
#include "compiler/transform/prechecks/check_slice.h"

namespace metate::transform {

struct CountedLoop {
  ir::LoopData loop;
  Iterations iterations;  // the loop's blocks, and those that only raise
  ir::Value count;        // defined before the loop
  uint32_t counter = 0;   // which parameter of the header; the others are accumulators
};

/// None for loops that are left in other ways than at their end and by exceptions, or whose counter is used behind
/// them.
std::optional<CountedLoop> counted_loop(const ir::Function& function, const ir::ControlFlow& flow,
                                        const ir::Loops& loops, const ir::Uses& uses, ir::Loop loop);

/// The same as a serial nest, which takes the loop's place.
ir::Inst make_nest(ir::Function& function, const CountedLoop& counted);

}  // namespace metate::transform
