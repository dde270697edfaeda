#include "compiler/infer/python_numbers.h"

#include <algorithm>
#include <cmath>

#include "compiler/infer/operators.h"

namespace metate::infer {
namespace {

using ir::PyOperator;

enum class Rank : uint8_t { kBool, kInt, kFloat, kComplex };

Rank rank(Writer& w, Value value) {
  DType dtype = w.type(value).dtype;
  if (dtype == DType::kBool) return Rank::kBool;
  if (dtype == DType::kI64) return Rank::kInt;
  return dtype == DType::kF64 ? Rank::kFloat : Rank::kComplex;
}

TypeId type_of(Writer& w, Rank rank) {
  switch (rank) {
    case Rank::kBool:
      return w.types().weak_bool();
    case Rank::kInt:
      return w.types().weak_int();
    case Rank::kFloat:
      return w.types().weak_float();
    case Rank::kComplex:
      return w.types().weak_complex();
  }
  METATE_UNREACHABLE();
}

/// Both operands and the result as numbers of one rank.
Value apply(Writer& w, ScalarOp op, Rank rank, Value a, Value b) {
  TypeId type = type_of(w, rank);
  return w.op(op, {w.cast(a, type), w.cast(b, type)}, type);
}

Value true_divide(Writer& w, Rank rank, Value a, Value b) {
  if (rank == Rank::kComplex) {
    check_divisor(w, b, "complex division by zero");
    return apply(w, ScalarOp::kPythonComplexDivide, rank, a, b);
  }
  check_divisor(w, b, rank == Rank::kFloat ? "float division by zero" : "division by zero");
  return apply(w, ScalarOp::kDivide, Rank::kFloat, a, b);
}

Value floor_divide(Writer& w, Rank rank, Value a, Value b) {
  check_divisor(w, b, rank == Rank::kFloat ? "float floor division by zero" : "integer division or modulo by zero");
  return apply(w, ScalarOp::kFloorDivide, rank, a, b);
}

Value remainder(Writer& w, Rank rank, Value a, Value b) {
  check_divisor(w, b, rank == Rank::kFloat ? "float modulo" : "integer modulo by zero");
  return apply(w, ScalarOp::kRemainder, rank, a, b);
}

Value float_power(Writer& w, Rank rank, Value a, Value b) {
  TypeId type = type_of(w, rank), truth = w.types().weak_bool();
  Value base = w.cast(a, type), exponent = w.cast(b, type);
  const types::Constant* known = w.constant(exponent);
  if (rank == Rank::kFloat && known && known->number.real() == 2) return w.op(ScalarOp::kMultiply, {base, base}, type);
  if (w.options().error_model != ir::ErrorModel::kNumpy) {
    w.check(w.op(ScalarOp::kIsNoZeroDivisionPower, {base, exponent}, truth), "ZeroDivisionError",
            rank == Rank::kFloat ? "0.0 cannot be raised to a negative power" : "0.0 to a negative or complex power");
    // Python gives a complex number here, which has no place in a float.
    if (rank == Rank::kFloat)
      w.check(w.op(ScalarOp::kIsRealPower, {base, exponent}, truth), "ValueError",
              "negative number cannot be raised to a fractional power");
  }
  Value result = w.op(ScalarOp::kPower, {base, exponent}, type);
  if (w.options().error_model != ir::ErrorModel::kNumpy && rank == Rank::kFloat)
    w.check(w.op(ScalarOp::kHasNoOverflow2, {result, base, exponent}, truth), "OverflowError",
            "(34, 'Numerical result out of range')");
  return result;
}

/// A negative exponent makes Python give a float; only a constant one says so in time.
Value integer_power(Writer& w, Value a, Value b) {
  std::optional<int64_t> exponent = w.constant_integer(b);
  if (exponent && *exponent < 0) return float_power(w, Rank::kFloat, a, b);
  TypeId type = w.types().weak_int();
  Value base = w.cast(a, type);
  if (exponent == 2) return w.op(ScalarOp::kMultiply, {base, base}, type);
  if (!exponent)
    w.check(w.op(ScalarOp::kIsNotNegative, {w.cast(b, type)}, w.types().weak_bool()), "ValueError",
            "integers to negative integer powers are not allowed unless the power is a constant");
  return apply(w, ScalarOp::kPower, Rank::kInt, a, b);
}

Value shift(Writer& w, ScalarOp op, Value a, Value b) {
  Value count = w.cast(b, w.types().weak_int());
  w.check(w.op(ScalarOp::kIsNotNegative, {count}, w.types().weak_bool()), "ValueError", "negative shift count");
  return apply(w, op, Rank::kInt, a, count);
}

ScalarOp exact_comparison(PyOperator op) {
  switch (op) {
    case PyOperator::kEqual:
      return ScalarOp::kEqualExact;
    case PyOperator::kNotEqual:
      return ScalarOp::kNotEqualExact;
    case PyOperator::kLess:
      return ScalarOp::kLessExact;
    case PyOperator::kLessEqual:
      return ScalarOp::kLessEqualExact;
    case PyOperator::kGreater:
      return ScalarOp::kGreaterExact;
    default:
      return ScalarOp::kGreaterEqualExact;
  }
}

bool converts_exactly(Writer& w, Value integer) {
  std::optional<int64_t> known = w.constant_integer(integer);
  return w.type(integer).dtype == DType::kBool || (known && std::abs(*known) <= int64_t{1} << 53);
}

Value float_to_int(Writer& w, ScalarOp op, Value x) {
  TypeId truth = w.types().weak_bool();
  w.check(w.op(ScalarOp::kIsNotNan, {x}, truth), "ValueError", "cannot convert float NaN to integer");
  w.check(w.op(ScalarOp::kIsNotInfinite, {x}, truth), "OverflowError", "cannot convert float infinity to integer");
  w.check(w.op(ScalarOp::kRoundsToInt64, {x}, truth), "OverflowError", "Python int too large to convert to C long");
  return w.op(op, {x}, w.types().weak_int());
}

}  // namespace

bool is_python_number(Writer& w, Value value) { return w.is_scalar(value) && w.type(value).weak; }

void check_divisor(Writer& w, Value divisor, std::string_view text) {
  if (!divisor) return;
  const Type& type = w.type(divisor);
  ir::ErrorModel model = w.options().error_model;
  bool raises = model == ir::ErrorModel::kPython || (model == ir::ErrorModel::kMixed && type.weak);
  if (!raises) return;
  Value zero = w.cast(w.integer(0), w.type_id(divisor));
  w.check(w.op(ScalarOp::kNotEqual, {divisor, zero}, w.types().weak_bool()), "ZeroDivisionError", text);
}

Value truncate_to_int(Writer& w, Value x) { return float_to_int(w, ScalarOp::kTruncToInt, x); }
Value round_to_int(Writer& w, Value x) { return float_to_int(w, ScalarOp::kRoundToInt, x); }

Value python_binary(Writer& w, PyOperator op, Value a, Value b) {
  Rank higher = std::max(rank(w, a), rank(w, b));
  Rank number = std::max(higher, Rank::kInt);
  bool real = number != Rank::kComplex, whole = number == Rank::kInt;
  switch (op) {
    case PyOperator::kAdd:
      return apply(w, ScalarOp::kAdd, number, a, b);
    case PyOperator::kSubtract:
      return apply(w, ScalarOp::kSubtract, number, a, b);
    case PyOperator::kMultiply:
      return apply(w, ScalarOp::kMultiply, number, a, b);
    case PyOperator::kTrueDivide:
      return true_divide(w, number, a, b);
    case PyOperator::kFloorDivide:
      if (real) return floor_divide(w, number, a, b);
      break;
    case PyOperator::kRemainder:
      if (real) return remainder(w, number, a, b);
      break;
    case PyOperator::kPower:
      return whole ? integer_power(w, a, b) : float_power(w, number, a, b);
    case PyOperator::kLeftShift:
      if (whole) return shift(w, ScalarOp::kLeftShift, a, b);
      break;
    case PyOperator::kRightShift:
      if (whole) return shift(w, ScalarOp::kRightShift, a, b);
      break;
    case PyOperator::kAnd:
      if (whole) return apply(w, ScalarOp::kBitwiseAnd, higher, a, b);
      break;
    case PyOperator::kOr:
      if (whole) return apply(w, ScalarOp::kBitwiseOr, higher, a, b);
      break;
    case PyOperator::kXor:
      if (whole) return apply(w, ScalarOp::kBitwiseXor, higher, a, b);
      break;
    default:
      break;
  }
  return {};
}

Value python_unary(Writer& w, PyOperator op, Value a) {
  TypeId type = type_of(w, std::max(rank(w, a), Rank::kInt));
  Value number = w.cast(a, type);
  switch (op) {
    case PyOperator::kNegative:
      return w.op(ScalarOp::kNegative, {number}, type);
    case PyOperator::kPositive:
      return number;
    case PyOperator::kInvert:
      return types::is_integer(w.types()[type].dtype) ? w.op(ScalarOp::kInvert, {number}, type) : Value();
    default:
      return {};
  }
}

Value python_compare(Writer& w, PyOperator op, Value a, Value b) {
  Rank x = rank(w, a), y = rank(w, b), higher = std::max(x, y);
  TypeId truth = w.types().weak_bool();
  bool order = op != PyOperator::kEqual && op != PyOperator::kNotEqual;
  if (higher == Rank::kComplex && order) return {};
  if (higher == Rank::kFloat && x != y && !converts_exactly(w, x < y ? a : b))
    return w.op(exact_comparison(op), {a, b}, truth);
  TypeId type = type_of(w, higher);
  return w.op(*ufunc_of(op), {w.cast(a, type), w.cast(b, type)}, truth);
}

}  // namespace metate::infer
