#include "compiler/infer/tidy.h"

#include <algorithm>

namespace metate::infer {
namespace {

using ir::Inst;

/// Marks what each instruction with an effect needs, and what that needs in turn.
support::SideTable<Inst, uint8_t> find_used(const ir::Function& function) {
  support::SideTable<Inst, uint8_t> used;
  std::vector<Inst> work;
  auto use = [&](Inst inst) {
    if (!inst || used[inst]) return;
    used[inst] = 1;
    work.push_back(inst);
  };
  for (uint32_t i = 0; i < function.block_count(); ++i)
    for (Inst inst : function.block(ir::Block(i)).insts)
      if (ir::info(function.inst(inst).opcode).effects != ir::kPure) use(inst);
  while (!work.empty()) {
    Inst inst = work.back();
    work.pop_back();
    for (ir::Value operand : function.operands(inst)) use(function.defining_inst(operand));
    for (const ir::BlockCall& target : function.targets(inst))
      for (ir::Value argument : function.arguments(target)) use(function.defining_inst(argument));
  }
  return used;
}

}  // namespace

void remove_unused(ir::Function& function) {
  support::SideTable<Inst, uint8_t> used = find_used(function);
  for (uint32_t i = 0; i < function.block_count(); ++i)
    std::erase_if(function.block(ir::Block(i)).insts, [&](Inst inst) { return !used[inst]; });
}

}  // namespace metate::infer
