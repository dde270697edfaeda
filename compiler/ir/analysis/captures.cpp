#include "compiler/ir/analysis/captures.h"

#include "compiler/ir/analysis/walk.h"

namespace metate::ir {

std::vector<Value> captures_of(const Function& function, Region region) {
  support::SideTable<Value, uint8_t> known;  // defined inside, or captured already
  std::vector<Value> captures;
  // Definitions are collected first: blocks may stand in any order.
  walk_blocks(function, region, [&](Block block) {
    for (Value parameter : function.block(block).params) known[parameter] = 1;
    for (Inst inst : function.block(block).insts)
      for (Value result : function.results(inst)) known[result] = 1;
  });
  auto use = [&](Value value) {
    if (known[value]) return;
    known[value] = 1;
    captures.push_back(value);
  };
  walk_insts(function, region, [&](Inst inst) {
    for (Value operand : function.operands(inst)) use(operand);
    for (const BlockCall& call : function.targets(inst))
      for (Value argument : function.arguments(call)) use(argument);
  });
  return captures;
}

}  // namespace metate::ir
