#include "compiler/codegen/long_loops.h"

#include <algorithm>

#include "compiler/ir/analysis/loops.h"
#include "compiler/ir/analysis/walk.h"

namespace metate::codegen {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;

/// It may take long by itself.
bool is_long(const ir::Function& function, Inst inst) {
  Opcode opcode = function.inst(inst).opcode;
  return opcode == Opcode::kNest || opcode == Opcode::kCall || opcode == Opcode::kCallForeign;
}

/// Goes on while a parameter of the header is below something: a range loop, or one like it.
bool counts(const ir::Function& function, Block header) {
  Inst branch = function.terminator(header);
  if (function.inst(branch).opcode != Opcode::kBranch) return false;
  Inst condition = function.defining_inst(function.operands(branch)[0]);
  if (!condition || function.inst(condition).opcode != Opcode::kOp) return false;
  if (static_cast<ops::ScalarOp>(function.inst(condition).imm) != ops::ScalarOp::kLess) return false;
  const ir::ValueData& counter = function.value(function.operands(condition)[0]);
  return counter.is_param && counter.definer == header.index();
}

}  // namespace

LongLoops::LongLoops(const ir::Function& function) {
  bool any = false;  // most functions have nests only
  ir::walk_blocks(function, [&](Block block) {
    for (const ir::BlockCall& call : function.targets(function.terminator(block)))
      any |= call.block.index() <= block.index();
  });
  if (!any) return;
  ir::ControlFlow flow(function);
  ir::Dominators dominators(function, flow);
  ir::Loops loops(function, flow, dominators);
  for (const ir::LoopData& loop : loops.all()) {
    bool has_inner = std::ranges::any_of(loops.all(), [&](const ir::LoopData& other) {
      return &other != &loop && std::ranges::find(loop.blocks, other.header) != loop.blocks.end();
    });
    bool has_long = std::ranges::any_of(loop.blocks, [&](Block block) {
      return std::ranges::any_of(function.block(block).insts, [&](Inst inst) { return is_long(function, inst); });
    });
    if (!has_inner && !has_long && counts(function, loop.header)) continue;
    for (Block latch : loop.latches) edges_.push_back({latch, loop.header});
  }
}

bool LongLoops::repeats(Block from, Block to) const {
  return std::ranges::any_of(edges_, [&](const Edge& edge) { return edge.latch == from && edge.header == to; });
}

bool LongLoops::repeats(const ir::Function& function, Inst nest) const {
  const ir::NestData& data = function.nests[function.inst(nest).imm];
  if (data.lanes) return false;
  bool found = data.rank > 1;
  ir::walk_insts(function, data.body, [&](Inst inst) { found |= is_long(function, inst); });
  ir::walk_blocks(function, data.body, [&](Block block) {
    for (const ir::BlockCall& call : function.targets(function.terminator(block)))
      found |= call.block.index() <= block.index();
  });
  return found;
}

}  // namespace metate::codegen
