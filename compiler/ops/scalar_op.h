// scalar_op.h – everything that can be computed from scalars, as one enumeration made of the tables' rows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "compiler/ops/samples.h"
#include "compiler/ops/type_rule.h"
#include "compiler/types/scalar.h"

namespace metate::ops {

enum class ScalarOp : uint16_t {
#define ROW(enumerator, ...) enumerator,
#include "compiler/ops/rows.def"
};

inline constexpr int kScalarOpCount = 0
#define ROW(...) +1
#include "compiler/ops/rows.def"
    ;

/// The neutral element of a row that is used to combine: combine(e, x) == x, bit for bit.
enum class Neutral : uint8_t {
  kNone,
  kZero,  // of floats -0.0: 0.0 + -0.0 is 0.0
  kOne,
  kAllOnes,
  kNegativeInfinity,
  kLowest,   // -inf, the least integer, False
  kHighest,  // +inf, the greatest integer, True
};

enum OpFlag : uint8_t {
  kCommutative = 1,
  kAssociative = 2,   // as mathematics has it; rounding apart. What reductions may combine with
  kZeroDivision = 4,  // a zero second operand is what error_model="python" raises ZeroDivisionError for
  kOwnHalf = 8,       // its float16 form computes in float16, all others through float32
};

/// A row of the tables, but for its form (expand.h).
struct ScalarOpInfo {
  std::string_view name;  // in IR text; for ufuncs NumPy's
  int arity;
  TypeRule types;
  Neutral neutral;
  uint8_t flags;
  double ulp64, ulp32;  // 0: exactly one right answer
  Samples samples;

  bool has(OpFlag flag) const { return flags & flag; }
};

const ScalarOpInfo& info(ScalarOp op);
inline std::string_view name(ScalarOp op) { return info(op).name; }
inline int arity(ScalarOp op) { return info(op).arity; }
std::optional<ScalarOp> scalar_op_from_name(std::string_view name);

/// The neutral element in a dtype; none where the row has none.
std::optional<types::Scalar> neutral(ScalarOp op, types::DType dtype);

/// A function of NumPy that is computed element by element.
struct NumpyFunction {
  std::string_view name;  // without "numpy."
  ScalarOp op;
  std::optional<ScalarOp> second;  // of two results: divmod, modf, frexp
  bool is_ufunc;                   // has out=, where=, reduce() …
  std::string_view signature;      // see signature.h; the operands first
};
/// All names, aliases too.
std::span<const NumpyFunction> numpy_functions();

}  // namespace metate::ops
