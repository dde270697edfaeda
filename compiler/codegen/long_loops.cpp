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

/// In reverse postorder only loops lead back. Numbers of blocks say nothing: passes move blocks into new nests.
bool leads_back(const ir::ControlFlow& flow, Block from) {
  return std::ranges::any_of(flow.successors(from), [&](Block to) { return flow.position(to) <= flow.position(from); });
}

}  // namespace

LongLoops::LongLoops(const ir::Function& function) {
  ir::ControlFlow flow(function);
  find_nests(function, flow);
  bool any = false;  // most functions have nests only
  ir::walk_blocks(function, [&](Block block) { any |= leads_back(flow, block); });
  if (any) find_loops(function, flow);
}

void LongLoops::find_nests(const ir::Function& function, const ir::ControlFlow& flow) {
  ir::walk_insts(function, [&](Inst inst) {
    ir::Region body = ir::nest_body(function, inst);
    if (!body) return;
    const ir::NestData& data = function.nests[function.inst(inst).imm];
    bool found = data.rank > 1;
    ir::walk_insts(function, body, [&](Inst inner) { found |= is_long(function, inner); });
    for (Block block : flow.reverse_postorder(body)) found |= leads_back(flow, block);
    if (found && !data.lanes) nests_.push_back(inst);
  });
}

void LongLoops::find_loops(const ir::Function& function, const ir::ControlFlow& flow) {
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

bool LongLoops::repeats(Inst nest) const { return std::ranges::find(nests_, nest) != nests_.end(); }

}  // namespace metate::codegen
