#include "compiler/transform/arrays/whole_numbers.h"

#include <array>

#include "compiler/ops/fold.h"

namespace metate::transform::whole {
namespace {

using ir::Function;
using ir::Inst;
using ir::Opcode;
using ops::ScalarOp;
using types::Scalar;

std::optional<Scalar> scalar(const Function& function, Value value) {
  types::ConstantId id = function.constant(value);
  if (!id) return std::nullopt;
  return types::to_scalar(function.universe().constants[id]);
}

/// The row, computed now if it can be.
Value compute(Builder& builder, ScalarOp op, std::span<const Value> operands, types::TypeId type) {
  std::vector<Scalar> known;
  for (Value operand : operands)
    if (std::optional<Scalar> value = scalar(builder.function(), operand)) known.push_back(*value);
  if (known.size() < operands.size()) return builder.emit_value(Opcode::kOp, static_cast<uint32_t>(op), operands, type);
  Scalar result = ops::evaluate(op, known);
  return builder.constant(types::to_constant(result, true, builder.universe().constants));
}

Value number(Builder& builder, ScalarOp op, Value a, Value b) {
  return compute(builder, op, std::array{a, b}, builder.universe().types.weak_int());
}
Value truth(Builder& builder, ScalarOp op, Value a, Value b) {
  return compute(builder, op, std::array{a, b}, builder.universe().types.weak_bool());
}

}  // namespace

std::optional<int64_t> constant(const Function& function, Value value) {
  std::optional<Scalar> known = scalar(function, value);
  if (!known) return std::nullopt;
  return known->as_int();
}

bool same(const Function& function, Value a, Value b) {
  if (a == b) return true;
  if (std::optional<int64_t> known = constant(function, a)) return is(function, b, *known);
  Inst first = function.defining_inst(a), second = function.defining_inst(b);
  if (!first || !second) return false;
  const ir::InstData &x = function.inst(first), &y = function.inst(second);
  return x.opcode == Opcode::kDim && y.opcode == Opcode::kDim && x.imm == y.imm &&
         function.operands(first)[0] == function.operands(second)[0];
}

Value add(Builder& builder, Value a, Value b) {
  if (is(builder.function(), a, 0)) return b;
  if (is(builder.function(), b, 0)) return a;
  return number(builder, ScalarOp::kAdd, a, b);
}

Value subtract(Builder& builder, Value a, Value b) {
  if (is(builder.function(), b, 0)) return a;
  return number(builder, ScalarOp::kSubtract, a, b);
}

Value multiply(Builder& builder, Value a, Value b) {
  if (is(builder.function(), a, 1)) return b;
  if (is(builder.function(), b, 1)) return a;
  return number(builder, ScalarOp::kMultiply, a, b);
}

Value product(Builder& builder, std::span<const Value> factors) {
  if (factors.empty()) return builder.constant_int(1);
  Value result = factors[0];
  for (Value factor : factors.subspan(1)) result = multiply(builder, result, factor);
  return result;
}

Value floor_divide(Builder& builder, Value a, Value b) {
  if (is(builder.function(), b, 1)) return a;
  return number(builder, ScalarOp::kFloorDivide, a, b);
}

Value minimum(Builder& builder, Value a, Value b) { return a == b ? a : number(builder, ScalarOp::kMinimum, a, b); }
Value maximum(Builder& builder, Value a, Value b) { return a == b ? a : number(builder, ScalarOp::kMaximum, a, b); }

Value select(Builder& builder, Value condition, Value if_true, Value if_false) {
  if (!condition || if_true == if_false) return if_true;
  if (is(builder.function(), condition, 0)) return if_false;
  return compute(builder, ScalarOp::kSelect, std::array{condition, if_true, if_false},
                 builder.universe().types.weak_int());
}

Value equal(Builder& builder, Value a, Value b) {
  if (same(builder.function(), a, b)) return {};
  return truth(builder, ScalarOp::kEqual, a, b);
}

Value less(Builder& builder, Value a, Value b) { return truth(builder, ScalarOp::kLess, a, b); }

Value both(Builder& builder, Value a, Value b) {
  if (!a) return b;
  if (!b) return a;
  return truth(builder, ScalarOp::kBitwiseAnd, a, b);
}

Value either(Builder& builder, Value a, Value b) {
  if (!a || !b || is(builder.function(), a, 1) || is(builder.function(), b, 1)) return {};
  if (is(builder.function(), a, 0)) return b;
  if (is(builder.function(), b, 0)) return a;
  return truth(builder, ScalarOp::kBitwiseOr, a, b);
}

}  // namespace metate::transform::whole
