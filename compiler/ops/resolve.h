// resolve.h – NumPy's choice of a loop: which dtypes a ufunc computes in, given its operands (NEP 50).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "compiler/ops/check.h"
#include "compiler/ops/scalar_op.h"
#include "compiler/types/dtype.h"

namespace metate::ops {

inline constexpr int kMaxArity = 4;

struct OperandType {
  types::DType dtype;
  bool weak = false;  // a Python int, float or complex (dtype i64, f64, c128); bools are never weak in NumPy
};

struct Resolution {
  int arity = 0;
  std::array<types::DType, kMaxArity> operands{};  // what the row's form takes: cast every operand to its dtype
  types::DType result{};
  /// What NumPy raises for, on operands cast to their dtypes: of arrays every element has to pass. Null: nothing.
  const Check* check = nullptr;
};

/// What np.<op>(operands…) computes; none where NumPy raises TypeError. Operands that are all weak give NumPy's default
/// dtypes. A weak int that a narrower integer loop takes has to be checked: NumPy raises OverflowError if it does not
/// fit. Only comparisons take weak ints as int64 always, so that any value compares rightly, as NumPy's special case
/// does.
std::optional<Resolution> resolve(ScalarOp op, std::span<const OperandType> operands);

/// The dtype that operands have in common, as np.result_type says it.
types::DType result_type(std::span<const OperandType> operands);

/// One loop of a row.
struct Loop {
  std::array<types::DType, kMaxArity> operands{};
  types::DType result{};
};
/// The loops of a row in NumPy's order.
std::vector<Loop> loops(ScalarOp op);

}  // namespace metate::ops
