// walk.h – every block and instruction of a function, nests included, in the order of the text.
#pragma once

#include "compiler/ir/function.h"

namespace metate::ir {

/// The body of a nest; no region for other instructions.
inline Region nest_body(const Function& function, Inst inst) {
  const InstData& data = function.inst(inst);
  return data.opcode == Opcode::kNest ? function.nests[data.imm].body : Region();
}

/// `visit(Inst)` for each instruction of a region, a nest before its body.
/// Neither walk allows blocks or instructions to be added or removed while it runs; changing an instruction is fine.
template <class F>
void walk_insts(const Function& function, Region region, F&& visit) {
  for (Block block : function.region(region).blocks) {
    for (Inst inst : function.block(block).insts) {
      visit(inst);
      if (Region body = nest_body(function, inst)) walk_insts(function, body, visit);
    }
  }
}

template <class F>
void walk_insts(const Function& function, F&& visit) {
  walk_insts(function, function.body(), visit);
}

/// `visit(Block)` for each block of a region, before the blocks of the nests in it.
template <class F>
void walk_blocks(const Function& function, Region region, F&& visit) {
  for (Block block : function.region(region).blocks) {
    visit(block);
    for (Inst inst : function.block(block).insts)
      if (Region body = nest_body(function, inst)) walk_blocks(function, body, visit);
  }
}

template <class F>
void walk_blocks(const Function& function, F&& visit) {
  walk_blocks(function, function.body(), visit);
}

/// `visit(Region)` for each region, a nest's after the one that it stands in.
template <class F>
void walk_regions(const Function& function, Region region, F&& visit) {
  visit(region);
  for (Block block : function.region(region).blocks)
    for (Inst inst : function.block(block).insts)
      if (Region body = nest_body(function, inst)) walk_regions(function, body, visit);
}

template <class F>
void walk_regions(const Function& function, F&& visit) {
  walk_regions(function, function.body(), visit);
}

}  // namespace metate::ir
