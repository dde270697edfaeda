#include "compiler/transform/ranges/conditions.h"

namespace metate::transform {

using ir::Builder;
using ir::Value;
using ops::ScalarOp;

std::optional<Conditions::Condition> Conditions::split(const Linear& form) {
  constexpr Linear::Number kLargest = Linear::Number{1} << 62;
  Condition condition;
  for (const Linear::Term& term : form.terms()) {
    Value& side = term.second > 0 ? condition.a : condition.b;
    if (side || (term.second != 1 && term.second != -1)) return {};
    side = term.first;
  }
  if (form.is_constant() || form.constant() > kLargest || form.constant() < -kLargest) return {};
  condition.constant = static_cast<int64_t>(form.constant());
  return condition;
}

void Conditions::add(const Condition& condition) {
  for (Condition& known : conditions_) {
    if (known.a != condition.a || known.b != condition.b) continue;
    known.constant = std::min(known.constant, condition.constant);
    return;
  }
  conditions_.push_back(condition);
}

Value Conditions::emit(Builder& builder) const {
  ir::Function& function = builder.function();
  ir::TypeId integer = builder.universe().types.weak_int(), boolean = builder.universe().types.weak_bool();
  auto here = [&](Value value) {
    ir::Inst inst = function.defining_inst(value);
    if (!inst || function.inst(inst).opcode != ir::Opcode::kDim) return builder.cast(value, integer);
    return builder.dim(function.operands(inst)[0], function.inst(inst).imm);
  };
  auto sum = [&](Value value, int64_t constant) {
    return constant == 0 ? value : builder.op(ScalarOp::kAdd, {value, builder.constant_int(constant)}, integer);
  };
  Value all;
  for (const Condition& condition : conditions_) {
    Value small, great;
    if (!condition.a) {
      small = here(condition.b);
      great = builder.constant_int(condition.constant);
    } else if (!condition.b) {
      small = builder.constant_int(-condition.constant);
      great = here(condition.a);
    } else {
      small = here(condition.b);
      great = here(condition.a);
      // b - constant <= a, or simply b <= a where the subtraction might wrap: that is enough, if not necessary.
      if (condition.constant < 0) great = sum(great, condition.constant);
      if (condition.constant > 0 && condition.b_is_never_negative) small = sum(small, -condition.constant);
    }
    Value one = builder.op(ScalarOp::kLessEqual, {small, great}, boolean);
    all = all ? builder.op(ScalarOp::kBitwiseAnd, {all, one}, boolean) : one;
  }
  return all;
}

}  // namespace metate::transform
