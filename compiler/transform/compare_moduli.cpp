#include "compiler/transform/compare_moduli.h"

#include <algorithm>
#include <array>
#include <optional>

#include "compiler/ir/analysis/uses.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/builder.h"
#include "compiler/ir/edit/rewrite.h"

namespace metate::transform {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

/// One comparison of a modulus, and what stands between the two in their block.
struct Comparison {
  Inst modulus, comparison;
  double constant = 0;
  bool asks_below = false;  // true where the modulus is smaller
};

class Finder {
 public:
  explicit Finder(const ir::Function& function) : function_(function), uses_(function) {}

  std::vector<Comparison> run() {
    std::vector<Comparison> found;
    ir::walk_insts(function_, [&](Inst inst) {
      if (std::optional<Comparison> one = look_at(inst)) found.push_back(*one);
    });
    return found;
  }

 private:
  bool is_op(Inst inst, ScalarOp op) const {
    return function_.inst(inst).opcode == Opcode::kOp && function_.inst(inst).imm == static_cast<uint32_t>(op);
  }

  std::optional<Comparison> look_at(Inst inst) const {
    if (!is_op(inst, ScalarOp::kAbsolute)) return {};
    const types::Type& operand = function_.type_data(function_.operands(inst)[0]);
    if (operand.kind != types::TypeKind::kScalar || operand.dtype != types::DType::kC128) return {};
    Comparison found{.modulus = inst, .comparison = {}};
    for (const ir::Use& use : uses_.of(function_.result(inst))) {
      if (function_.inst(use.inst).block != function_.inst(inst).block || use.target != ir::Use::kOperand) return {};
      if (is_op(use.inst, ScalarOp::kHasNoComplexOverflow)) continue;
      if (found.comparison || !read_comparison(use, found)) return {};
    }
    if (!found.comparison || !only_checks_between(found)) return {};
    return found;
  }

  bool read_comparison(const ir::Use& use, Comparison& found) const {
    bool less = is_op(use.inst, ScalarOp::kLess) || is_op(use.inst, ScalarOp::kLessEqual);
    bool greater = is_op(use.inst, ScalarOp::kGreater) || is_op(use.inst, ScalarOp::kGreaterEqual);
    if (!less && !greater) return false;
    std::optional<double> constant = number(function_.operands(use.inst)[1 - use.index]);
    // Its square, and squares near it, must be normal numbers.
    if (!constant || !(*constant > 0x1p-400 && *constant < 0x1p400)) return false;
    found.comparison = use.inst;
    found.constant = *constant;
    found.asks_below = less == (use.index == 0);
    return true;
  }

  std::optional<double> number(Value value) const {
    Inst inst = function_.defining_inst(value);
    if (inst && function_.inst(inst).opcode == Opcode::kCast)
      inst = function_.defining_inst(function_.operands(inst)[0]);
    if (!inst || function_.inst(inst).opcode != Opcode::kConst) return {};
    const types::Constant& constant = function_.universe().constants[types::ConstantId(function_.inst(inst).imm)];
    const types::Type& type = function_.type_data(function_.result(inst));
    if (type.kind != types::TypeKind::kScalar || is_complex(type.dtype)) return {};
    return is_float(type.dtype) ? constant.number.real() : static_cast<double>(constant.integer);
  }

  bool only_checks_between(const Comparison& found) const {
    const std::vector<Inst>& insts = function_.block(function_.inst(found.modulus).block).insts;
    auto begin = std::ranges::find(insts, found.modulus), end = std::ranges::find(insts, found.comparison);
    return std::all_of(begin + 1, end, [&](Inst inst) {
      if (is_op(inst, ScalarOp::kHasNoComplexOverflow)) {
        // Its only use is its check, which is skipped with it.
        auto uses = uses_.of(function_.result(inst));
        return uses.size() == 1 && function_.inst(uses[0].inst).opcode == Opcode::kCheck;
      }
      if (function_.inst(inst).opcode == Opcode::kCheck) {
        Inst condition = function_.defining_inst(function_.operands(inst)[0]);
        return condition && is_op(condition, ScalarOp::kHasNoComplexOverflow) &&
               function_.operands(condition)[0] == function_.result(found.modulus);
      }
      return is_plain(inst);
    });
  }

  bool is_plain(Inst inst) const {
    return function_.inst(inst).opcode == Opcode::kConst || function_.inst(inst).opcode == Opcode::kCast;
  }

  const ir::Function& function_;
  ir::Uses uses_;
};

/// Constants and casts that stand between go in front, since the way around the modulus needs them too.
void gather(ir::Function& function, const Comparison& found) {
  std::vector<Inst>& insts = function.block(function.inst(found.modulus).block).insts;
  auto begin = std::ranges::find(insts, found.modulus), end = std::ranges::find(insts, found.comparison);
  std::vector<Inst> rest;
  for (auto at = begin; at != end; ++at) {
    Opcode opcode = function.inst(*at).opcode;
    if (opcode == Opcode::kConst || opcode == Opcode::kCast) {
      *begin++ = *at;
    } else {
      rest.push_back(*at);
    }
  }
  std::ranges::copy(rest, begin);
}

void rewrite(ir::Function& function, const Comparison& found) {
  gather(function, found);
  Block block = function.inst(found.modulus).block;
  auto place = [&](Inst inst) {
    const std::vector<Inst>& insts = function.block(block).insts;
    return static_cast<size_t>(std::ranges::find(insts, inst) - insts.begin());
  };
  Block after = ir::split_block(function, block, place(found.comparison) + 1);
  Block exact = ir::split_block(function, block, place(found.modulus));

  ir::Builder builder(function);
  builder.set_source(function.inst(found.modulus).source);
  builder.position(block);
  ir::Universe& universe = function.universe();
  Value z = function.operands(found.modulus)[0];
  ir::TypeId number = function.type(function.result(found.modulus));
  ir::TypeId boolean = function.type(function.result(found.comparison));
  auto limit = [&](double value) { return builder.cast(builder.constant(universe.constants.real(value)), number); };
  Value squared = builder.op(ScalarOp::kSquaredModulus, {z}, number);
  // Rounding moves the square by parts in 2^52, and the modulus too.
  double square = found.constant * found.constant;
  Value below = builder.op(ScalarOp::kLess, {squared, limit(square * (1 - 0x1p-45))}, boolean);
  Value above = builder.op(ScalarOp::kGreater, {squared, limit(square * (1 + 0x1p-45))}, boolean);
  // A square that has overflown, or is nan, says nothing.
  Value finite = builder.op(ScalarOp::kLess, {squared, limit(0x1p1000)}, boolean);
  above = builder.op(ScalarOp::kBitwiseAnd, {above, finite}, boolean);
  Value sure = builder.op(ScalarOp::kBitwiseOr, {below, above}, boolean);
  Value joined = function.add_param(after, boolean);
  builder.branch(sure, after, std::array{found.asks_below ? below : above}, exact, {});
  builder.position(exact);
  Value compared = function.result(found.comparison);
  ir::ValueMap map;
  map.set(compared, joined);
  ir::replace_uses(function, map);
  builder.jump(after, std::array{compared});
}

}  // namespace

void compare_moduli(ir::Function& function, PassContext&) {
  for (const Comparison& found : Finder(function).run()) rewrite(function, found);
}

}  // namespace metate::transform
