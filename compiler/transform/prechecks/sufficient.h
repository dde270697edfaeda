// sufficient – what makes a check of floats hold without computing what it looks at.
#pragma once

#include <optional>

#include "compiler/ir/builder.h"

namespace metate::transform {

/// Whether the condition holds for all operands: a sum of squares is not negative.
bool holds_always(const ir::Function& function, ir::Value condition);

/// `operand <= limit`, or its modulus, so that the result of a function does not overflow. nan passes.
struct Bound {
  ir::Value operand;
  double limit;
  bool modulus;
};

/// For a condition on a function's result: one on its operand that implies it, and leaves out few numbers.
std::optional<Bound> bound_for(const ir::Function& function, ir::Value condition);
/// As a weak_bool, where the builder stands.
ir::Value emit(ir::Builder& builder, const Bound& bound);

}  // namespace metate::transform
