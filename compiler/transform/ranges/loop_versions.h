// loop_versions – a loop, or a nest, gets a copy, and a condition in front decides which of the two runs.
#pragma once

#include <functional>

#include "compiler/ir/analysis/dominators.h"
#include "compiler/ir/analysis/loops.h"
#include "compiler/ir/builder.h"

namespace metate::transform {

/// Emits what decides at the builder's place: a bool.
using EmitCondition = std::function<ir::Value(ir::Builder&)>;

/// Whether `version_loop` can do it: values of the loop that are used behind it can be handed over at its exits.
bool can_version_loop(const ir::Function& function, const ir::ControlFlow& flow, const ir::Dominators& dominators,
                      const ir::Loops& loops, const ir::LoopData& loop);

/// The blocks of the loop run where the condition is true, else the copy of them, which is made here. The analyses are
/// those from before; they may serve for other outermost loops of the same region, one after the other.
void version_loop(ir::Function& function, const ir::ControlFlow& flow, const ir::Dominators& dominators,
                  const ir::Loops& loops, const ir::LoopData& loop, const EmitCondition& condition);

/// The same for a nest, with a hint that may say that both run.
void version_nest(ir::Function& function, ir::Inst nest, const EmitCondition& condition,
                  ir::BranchHint hint = ir::BranchHint::kUsually);

}  // namespace metate::transform
