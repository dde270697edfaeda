#include "compiler/frontend/liveness.h"

namespace metate::frontend {
namespace {

bool has_effect(const ir::Function& function, const Ssa& ssa, ir::Inst inst) {
  const ir::InstData& data = function.inst(inst);
  if (data.opcode == ir::Opcode::kCheckBound) {
    ir::ConstantId bit = function.constant(ssa.resolve(function.operands(inst)[0]));
    return !bit || function.universe().constants[bit].integer == 0;
  }
  return (ir::info(data.opcode).effects & ~(ir::kReads | ir::kAllocates)) != 0;
}

struct Marker {
  const ir::Function& function;
  const Ssa& ssa;
  Liveness live;
  std::vector<ir::Value> work = {};

  void mark(ir::Inst inst) {
    if (live.insts[inst.index()]) return;
    live.insts[inst.index()] = true;
    for (ir::Value operand : function.operands(inst)) work.push_back(ssa.resolve(operand));
  }

  void run() {
    for (uint32_t i = 0; i < function.block_count(); ++i)
      for (ir::Inst inst : function.block(ir::Block(i)).insts)
        if (has_effect(function, ssa, inst)) mark(inst);
    while (!work.empty()) {
      ir::Value value = work.back();
      work.pop_back();
      if (ir::Inst inst = function.defining_inst(value)) {
        mark(inst);
      } else if (const Ssa::Phi* phi = ssa.phi(value)) {
        auto index = static_cast<size_t>(phi - ssa.phis().data());
        if (live.phis[index]) continue;
        live.phis[index] = true;
        for (ir::Value argument : phi->arguments) work.push_back(ssa.resolve(argument));
      }
    }
  }
};

}  // namespace

Liveness find_live(const ir::Function& function, const Ssa& ssa) {
  Marker marker{function, ssa, {std::vector<bool>(function.inst_count()), std::vector<bool>(ssa.phis().size())}};
  marker.run();
  return std::move(marker.live);
}

}  // namespace metate::frontend
