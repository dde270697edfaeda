// dominance.cpp – the verifier's second step: every value is defined where it is used.
#include "compiler/ir/analysis/dominators.h"
#include "compiler/ir/analysis/uses.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/verify/report.h"

namespace metate::ir {
namespace {

/// `reraise` goes on with the error that a handler was entered with, so a handler has to be on every path to it.
void verify_reraises(Report& report, const ControlFlow& flow, const Dominators& dominators) {
  const Function& function = report.function();
  std::vector<bool> handlers(function.block_count());
  walk_blocks(function, [&](Block block) {
    if (Block handler = function.block(block).handler) handlers[handler.index()] = true;
  });
  walk_insts(function, [&](Inst inst) {
    Block block = function.inst(inst).block;
    if (function.inst(inst).opcode != Opcode::kReraise || !flow.reachable(block)) return;
    while (block && !handlers[block.index()]) block = dominators.immediate(block);
    report.require(static_cast<bool>(block), inst, "no handler comes before reraise");
  });
}

}  // namespace

void verify_dominance(Report& report) {
  const Function& function = report.function();
  ControlFlow flow(function);
  Dominators dominators(function, flow);

  // Values that stand nowhere have a definer that a pass has removed.
  std::vector<bool> placed(function.value_count());
  walk_blocks(function, [&](Block block) {
    for (Value param : function.block(block).params) placed[param.index()] = true;
  });
  walk_insts(function, [&](Inst inst) {
    for (Value result : function.results(inst)) placed[result.index()] = true;
  });

  walk_insts(function, [&](Inst inst) {
    for_each_use(function, inst, [&](Value value, Use) {
      if (report.full()) return;
      if (!placed[value.index()])
        report.add(inst, report.value(value) + " is defined nowhere");
      else if (!dominators.visible(value, inst))
        report.add(inst, report.value(value) + " is not defined on every path to here");
    });
  });
  verify_reraises(report, flow, dominators);
}

}  // namespace metate::ir
