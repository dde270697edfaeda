#include "compiler/frontend/reductions.h"

#include <algorithm>
#include <unordered_set>

namespace metate::frontend {
namespace {

using ir::PyOperator;

std::optional<ops::ScalarOp> combining(PyOperator op) {
  switch (op) {
    case PyOperator::kAdd:
    case PyOperator::kSubtract:  // each part subtracts from zero
      return ops::ScalarOp::kAdd;
    case PyOperator::kMultiply:
    case PyOperator::kTrueDivide:  // each part divides one
      return ops::ScalarOp::kMultiply;
    case PyOperator::kAnd:
      return ops::ScalarOp::kBitwiseAnd;
    case PyOperator::kOr:
      return ops::ScalarOp::kBitwiseOr;
    case PyOperator::kXor:
      return ops::ScalarOp::kBitwiseXor;
    default:
      return std::nullopt;
  }
}

bool commutes(PyOperator op) { return op != PyOperator::kSubtract && op != PyOperator::kTrueDivide; }

}  // namespace

Reductions::Reductions(const ir::Function& function, const Ssa& ssa, uint32_t first_block, size_t first_phi)
    : function_(function), ssa_(ssa) {
  for (uint32_t block = first_block; block < function.block_count(); ++block)
    for (ir::Inst inst : function.block(ir::Block(block)).insts)
      for (ir::Value operand : function.operands(inst)) uses_[ssa.resolve(operand)].push_back({inst, 0});
  for (size_t i = first_phi; i < ssa.phis().size(); ++i) {
    if (ssa.phis()[i].removed) continue;
    for (ir::Value argument : ssa.phis()[i].arguments)
      uses_[ssa.resolve(argument)].push_back({ir::Inst(), static_cast<uint32_t>(i)});
  }
}

ReductionResult Reductions::examine(ir::Value accumulator, ir::Value yielded) const {
  // `chain` are the values that are the accumulator so far at some point of the iteration.
  std::unordered_set<ir::Value> chain{accumulator};
  std::vector<ir::Value> work{accumulator};
  std::vector<uint32_t> joins;
  std::vector<ir::Inst> updates;
  std::optional<ops::ScalarOp> combine;
  auto add = [&](ir::Value value) {
    if (chain.insert(value).second) work.push_back(value);
  };
  while (!work.empty()) {
    ir::Value value = work.back();
    work.pop_back();
    auto found = uses_.find(value);
    if (found == uses_.end()) continue;
    for (const Use& use : found->second) {
      if (!use.inst) {
        joins.push_back(use.phi);
        add(ssa_.phis()[use.phi].value);
        continue;
      }
      std::optional<ops::ScalarOp> op = update(use.inst, value);
      if (!op || (combine && combine != op)) return {std::nullopt, use.inst};
      combine = op;
      updates.push_back(use.inst);
      // An inner nest has a result for each of its own accumulators.
      const ir::InstData& data = function_.inst(use.inst);
      if (data.opcode == ir::Opcode::kNest) {
        size_t rank = function_.nests[data.imm].rank;
        std::span<const ir::Value> operands = function_.operands(use.inst);
        for (size_t i = rank; i < operands.size(); ++i)
          if (ssa_.resolve(operands[i]) == value) add(function_.results(use.inst)[i - rank]);
      } else {
        add(function_.result(use.inst));
      }
    }
  }

  // Nothing else may take the accumulator's place, and no update may join two of its states.
  auto in_chain = [&](ir::Value value) { return chain.contains(ssa_.resolve(value)); };
  for (uint32_t phi : joins)
    for (ir::Value argument : ssa_.phis()[phi].arguments)
      if (!in_chain(argument)) return {std::nullopt, function_.defining_inst(ssa_.resolve(argument))};
  for (ir::Inst inst : updates) {
    if (function_.inst(inst).opcode == ir::Opcode::kNest) continue;
    if (std::ranges::count_if(function_.operands(inst), in_chain) != 1) return {std::nullopt, inst};
  }
  if (!in_chain(yielded)) return {std::nullopt, function_.defining_inst(ssa_.resolve(yielded))};
  return {combine, {}};
}

std::optional<ops::ScalarOp> Reductions::update(ir::Inst inst, ir::Value accumulator) const {
  const ir::InstData& data = function_.inst(inst);
  std::span<const ir::Value> operands = function_.operands(inst);
  if (count(operands, accumulator) != 1) return std::nullopt;
  switch (data.opcode) {
    case ir::Opcode::kPyBinary:
    case ir::Opcode::kPyInplace: {
      auto op = static_cast<PyOperator>(data.imm);
      if (!commutes(op) && ssa_.resolve(operands[0]) != accumulator) return std::nullopt;
      return combining(op);
    }
    case ir::Opcode::kPyCall: {
      const ir::CallShape& shape = function_.call_shapes[data.imm];
      return shape.keywords.empty() && !shape.star ? call_update(operands) : std::nullopt;
    }
    case ir::Opcode::kNest: {
      const ir::NestData& nest = function_.nests[data.imm];
      for (size_t i = nest.rank; i < operands.size(); ++i)
        if (ssa_.resolve(operands[i]) == accumulator) return nest.reductions[i - nest.rank].combine;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

// min(s, x), max(x, s, y), np.minimum(s, x).
std::optional<ops::ScalarOp> Reductions::call_update(std::span<const ir::Value> operands) const {
  ir::ConstantId callee = function_.constant(ssa_.resolve(operands[0]));
  if (!callee || operands.size() < 3) return std::nullopt;
  const ir::Universe& universe = function_.universe();
  const types::Constant& constant = universe.constants[callee];
  if (constant.kind != types::ConstantKind::kEntity) return std::nullopt;
  std::string_view name = universe.symbols.name(constant.symbol);
  // Of equals, 0.0 and -0.0 too, Python takes the first; what was there before comes first.
  if (name == "builtins.min") return ops::ScalarOp::kFirstMinimum;
  if (name == "builtins.max") return ops::ScalarOp::kFirstMaximum;
  if (operands.size() != 3) return std::nullopt;
  if (name == "numpy.minimum") return ops::ScalarOp::kMinimum;
  if (name == "numpy.maximum") return ops::ScalarOp::kMaximum;
  return std::nullopt;
}

size_t Reductions::count(std::span<const ir::Value> operands, ir::Value value) const {
  return static_cast<size_t>(
      std::ranges::count_if(operands, [&](ir::Value operand) { return ssa_.resolve(operand) == value; }));
}

}  // namespace metate::frontend
