#include "compiler/transform/prechecks/sufficient.h"

#include <algorithm>
#include <array>

#include "compiler/transform/prechecks/same_value.h"

namespace metate::transform {

using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

namespace {

struct Limit {
  ScalarOp function;
  double limit;
  bool modulus;
};

// Whole numbers below the logarithms of the greatest float64, twice that for the hyperbolic functions.
constexpr std::array kLimits{Limit{ScalarOp::kExp, 709, false}, Limit{ScalarOp::kExp2, 1023, false},
                             Limit{ScalarOp::kExpm1, 709, false}, Limit{ScalarOp::kSinh, 710, true},
                             Limit{ScalarOp::kCosh, 710, true}};

bool is_op(const ir::Function& function, Inst inst, ScalarOp op) {
  return inst && function.inst(inst).opcode == Opcode::kOp && function.inst(inst).imm == static_cast<uint32_t>(op);
}

/// A number that is not below zero, or nan; -0.0 is one, so quotients are not.
bool is_never_below_zero(const ir::Function& function, Value value, int depth = 8) {
  const types::Type& type = function.type_data(value);
  Inst inst = function.defining_inst(value);
  if (!inst || depth == 0 || type.kind != types::TypeKind::kScalar || !is_float(type.dtype)) return false;
  auto operand = [&](size_t i) { return function.operands(inst)[i]; };
  auto all = [&] {
    return std::ranges::all_of(function.operands(inst),
                               [&](Value one) { return is_never_below_zero(function, one, depth - 1); });
  };
  if (function.inst(inst).opcode == Opcode::kConst) {
    const types::Constant& constant = function.universe().constants[types::ConstantId(function.inst(inst).imm)];
    return constant.number.real() >= 0;
  }
  if (function.inst(inst).opcode == Opcode::kCast)
    return is_float(function.type_data(operand(0)).dtype) ? all()
                                                          : function.type_data(operand(0)).dtype == types::DType::kBool;
  if (function.inst(inst).opcode != Opcode::kOp) return false;
  switch (static_cast<ScalarOp>(function.inst(inst).imm)) {
    case ScalarOp::kAbsolute:
    case ScalarOp::kFabs:
    case ScalarOp::kSquare:
    case ScalarOp::kExp:
    case ScalarOp::kHypot:
      return true;
    case ScalarOp::kMultiply:
      return is_same(function, operand(0), operand(1)) || all();
    case ScalarOp::kAdd:
    case ScalarOp::kSqrt:
    case ScalarOp::kMinimum:
      return all();
    default:
      return false;
  }
}

}  // namespace

bool holds_always(const ir::Function& function, Value condition) {
  Inst inst = function.defining_inst(condition);
  if (inst && function.inst(inst).opcode == Opcode::kCast) inst = function.defining_inst(function.operands(inst)[0]);
  return is_op(function, inst, ScalarOp::kIsNotNegative) && is_never_below_zero(function, function.operands(inst)[0]);
}

std::optional<Bound> bound_for(const ir::Function& function, Value condition) {
  Inst check = function.defining_inst(condition);
  if (!is_op(function, check, ScalarOp::kHasNoOverflow)) return {};
  Value operand = function.operands(check)[1];
  Inst made = function.defining_inst(function.operands(check)[0]);
  for (const Limit& limit : kLimits)
    if (is_op(function, made, limit.function) && function.operands(made)[0] == operand)
      return Bound{operand, limit.limit, limit.modulus};
  return {};
}

Value emit(ir::Builder& builder, const Bound& bound) {
  ir::TypeId type = builder.function().type(bound.operand), boolean = builder.universe().types.weak_bool();
  Value number = bound.operand;
  if (bound.modulus) number = builder.op(ScalarOp::kFabs, {number}, type);
  Value limit = builder.cast(builder.constant(builder.universe().constants.real(bound.limit)), type);
  return builder.op(ScalarOp::kLogicalNot, {builder.op(ScalarOp::kGreater, {number, limit}, boolean)}, boolean);
}

}  // namespace metate::transform
