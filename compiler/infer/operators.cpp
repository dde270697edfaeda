#include "compiler/infer/operators.h"

#include "compiler/infer/calls.h"
#include "compiler/infer/python_numbers.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

using ir::PyOperator;

bool is_tuple(Writer& w, Value value) { return w.type(value).kind == TypeKind::kTuple; }

Value concatenate(Writer& w, Value a, Value b) {
  std::vector<Value> elements = elements_of(w, a);
  for (Value element : elements_of(w, b)) elements.push_back(element);
  return w.tuple(elements);
}

Value repeat(Writer& w, Value tuple, Value count) {
  std::optional<int64_t> times = w.constant_integer(count);
  if (!times) return w.error(MessageId::kNeedsConstant, {"the number of repetitions of a tuple"});
  std::vector<Value> once = elements_of(w, tuple), elements;
  for (int64_t i = 0; i < *times; ++i) elements.insert(elements.end(), once.begin(), once.end());
  return w.tuple(elements);
}

Value tuple_binary(Writer& w, PyOperator op, Value a, Value b) {
  if (op == PyOperator::kAdd && is_tuple(w, a) && is_tuple(w, b)) return concatenate(w, a, b);
  if (op == PyOperator::kMultiply && is_tuple(w, a) && w.is_integer(b)) return repeat(w, a, b);
  if (op == PyOperator::kMultiply && is_tuple(w, b) && w.is_integer(a)) return repeat(w, b, a);
  return no_operator(w, op, a, b);
}

bool is_whole_number(DType dtype) { return types::is_integer(dtype) || dtype == DType::kBool; }

/// x ** 2 and the like are what NumPy computes by other functions; negative powers of integers are an error.
Value power(Writer& w, Value a, Value b) {
  bool whole = is_whole_number(w.type(a).dtype) && is_whole_number(w.type(b).dtype);
  const types::Constant* constant = w.constant(b);
  std::optional<int64_t> exponent = w.constant_integer(b);
  if (constant && constant->kind == types::ConstantKind::kFloat && constant->number.real() == 2 &&
      !is_whole_number(w.type(a).dtype))
    exponent = 2;
  if (exponent == 2 && w.type(a).dtype != DType::kBool && w.type(b).weak) return apply_ufunc(w, ScalarOp::kSquare, {a});
  if (whole && types::kind(w.type(b).dtype) == types::Kind::kSigned && !(exponent && *exponent >= 0)) {
    std::string_view text = "Integers to negative integer powers are not allowed.";
    if (exponent || w.is_scalar(b)) {
      Value wide = w.cast(b, w.types().weak_int());
      w.check(w.op(ScalarOp::kIsNotNegative, {wide}, w.types().weak_bool()), "ValueError", text);
    } else {
      Value negative = apply_ufunc(w, ScalarOp::kLess, {b, w.integer(0)});
      Value any = call_named(w, "numpy.any", {negative});
      w.check(any ? w.op(ScalarOp::kLogicalNot, {any}, w.types().weak_bool()) : any, "ValueError", text);
    }
  }
  return apply_ufunc(w, ScalarOp::kPower, {a, b});
}

std::string_view zero_division_text(PyOperator op) {
  return op == PyOperator::kTrueDivide ? "division by zero" : "integer division or modulo by zero";
}

Value numeric_binary(Writer& w, PyOperator op, Value a, Value b) {
  if (op == PyOperator::kMatMultiply) return call_named(w, "numpy.matmul", {a, b});
  std::optional<ScalarOp> ufunc = ufunc_of(op);
  if (!ufunc) return no_operator(w, op, a, b);
  if (op == PyOperator::kPower) return power(w, a, b);
  if (ops::info(*ufunc).has(ops::kZeroDivision) && w.is_scalar(a) && w.is_scalar(b))
    check_divisor(w, b, zero_division_text(op));
  return apply_ufunc(w, *ufunc, {a, b});
}

}  // namespace

std::optional<ScalarOp> ufunc_of(PyOperator op) {
  switch (op) {
    case PyOperator::kAdd:
      return ScalarOp::kAdd;
    case PyOperator::kSubtract:
      return ScalarOp::kSubtract;
    case PyOperator::kMultiply:
      return ScalarOp::kMultiply;
    case PyOperator::kTrueDivide:
      return ScalarOp::kDivide;
    case PyOperator::kFloorDivide:
      return ScalarOp::kFloorDivide;
    case PyOperator::kRemainder:
      return ScalarOp::kRemainder;
    case PyOperator::kPower:
      return ScalarOp::kPower;
    case PyOperator::kLeftShift:
      return ScalarOp::kLeftShift;
    case PyOperator::kRightShift:
      return ScalarOp::kRightShift;
    case PyOperator::kAnd:
      return ScalarOp::kBitwiseAnd;
    case PyOperator::kOr:
      return ScalarOp::kBitwiseOr;
    case PyOperator::kXor:
      return ScalarOp::kBitwiseXor;
    case PyOperator::kNegative:
      return ScalarOp::kNegative;
    case PyOperator::kPositive:
      return ScalarOp::kPositive;
    case PyOperator::kInvert:
      return ScalarOp::kInvert;
    case PyOperator::kEqual:
      return ScalarOp::kEqual;
    case PyOperator::kNotEqual:
      return ScalarOp::kNotEqual;
    case PyOperator::kLess:
      return ScalarOp::kLess;
    case PyOperator::kLessEqual:
      return ScalarOp::kLessEqual;
    case PyOperator::kGreater:
      return ScalarOp::kGreater;
    case PyOperator::kGreaterEqual:
      return ScalarOp::kGreaterEqual;
    case PyOperator::kMatMultiply:
    case PyOperator::kNot:
    case PyOperator::kIs:
    case PyOperator::kIsNot:
    case PyOperator::kIn:
    case PyOperator::kNotIn:
      return std::nullopt;
  }
  METATE_UNREACHABLE();
}

/// As Python writes it: the IR says neg, pos and not.
std::string_view display_text(PyOperator op) {
  if (op == PyOperator::kNegative) return "-";
  if (op == PyOperator::kPositive) return "+";
  return ir::to_text(op);
}

Value no_operator(Writer& w, PyOperator op, Value a, Value b) {
  return w.error(MessageId::kNoOperator, {std::string(ir::to_text(op)), w.describe(a) + " and " + w.describe(b)});
}

Value binary(Writer& w, PyOperator op, Value a, Value b) {
  if (is_python_number(w, a) && is_python_number(w, b)) {
    Value result = op == PyOperator::kPower ? python_power(w, a, b) : python_operator(w, op, {a, b});
    return result ? result : no_operator(w, op, a, b);
  }
  if (is_numeric(w, a) && is_numeric(w, b)) return numeric_binary(w, op, a, b);
  return tuple_binary(w, op, a, b);
}

Value inplace(Writer& w, PyOperator op, Value a, Value b) {
  if (!w.is_array(a) || !is_numeric(w, b)) return binary(w, op, a, b);
  std::optional<ScalarOp> ufunc = ufunc_of(op);
  if (!ufunc) return no_operator(w, op, a, b);
  return apply_ufunc_out(w, *ufunc, std::array{a, b}, a);
}

Value unary(Writer& w, PyOperator op, Value a) {
  Value result;
  if (is_python_number(w, a)) {
    result = python_operator(w, op, {a});
  } else if (is_numeric(w, a)) {
    return apply_ufunc(w, *ufunc_of(op), {a});
  }
  if (result) return result;
  return w.error(MessageId::kNoOperator, {"unary " + std::string(display_text(op)), w.describe(a)});
}

}  // namespace metate::infer
