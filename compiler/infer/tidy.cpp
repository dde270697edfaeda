#include "compiler/infer/tidy.h"

#include <algorithm>

#include "compiler/ir/analysis/uses.h"

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
    ir::for_each_use(function, inst, [&](ir::Value value, ir::Use) { use(function.defining_inst(value)); });
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
