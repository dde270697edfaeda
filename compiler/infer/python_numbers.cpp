#include "compiler/infer/python_numbers.h"

#include <algorithm>
#include <cmath>

namespace metate::infer {
namespace {

using ir::PyOperator;
using namespace std::string_view_literals;

/// What a check looks at: each letter is an operand, or the result.
std::vector<Value> check_operands(std::string_view letters, std::span<const Value> operands, Value result) {
  std::vector<Value> values;
  for (char letter : letters) values.push_back(letter == 'r' ? result : operands["xyzw"sv.find(letter)]);
  return values;
}

/// A predicate takes its own loop's dtypes, a float for an int, say.
Value predicate(Writer& w, ScalarOp op, std::vector<Value> values) {
  std::vector<ops::OperandType> types;
  for (Value value : values) types.push_back({w.type(value).dtype, false});
  std::optional<ops::Resolution> resolution = ops::resolve(op, types);
  METATE_ASSERT(resolution);
  for (size_t i = 0; i < values.size(); ++i)
    if (w.type(values[i]).dtype != resolution->operands[i])
      values[i] = w.cast(values[i], w.types().weak(resolution->operands[i]));
  return w.op(op, values, w.types().weak_bool());
}

void write_check(Writer& w, const ops::Check& check, std::span<const Value> operands, Value result) {
  bool division = check.exception == "ZeroDivisionError";
  if (division && w.options().error_model == ir::ErrorModel::kNumpy) return;
  std::vector<Value> values = check_operands(check.operands, operands, result);
  if (!std::ranges::all_of(values, [](Value value) { return value.valid(); })) return;
  w.check(predicate(w, check.predicate, std::move(values)), check.exception, check.message);
}

/// Ints that a float holds exactly need no exact comparison: the common kind of constants.
bool converts_exactly(Writer& w, Value integer) {
  std::optional<int64_t> known = w.constant_integer(integer);
  return w.type(integer).dtype == DType::kBool || (known && std::abs(*known) <= int64_t{1} << 53);
}

std::vector<Value> with_exact_conversions(Writer& w, std::span<const Value> operands) {
  std::vector<Value> values(operands.begin(), operands.end());
  if (values.size() != 2) return values;
  for (size_t i = 0; i < 2; ++i)
    if (types::is_float(w.type(values[1 - i]).dtype) && w.is_integer(values[i]) && converts_exactly(w, values[i]))
      values[i] = w.cast(values[i], w.types().weak_float());
  return values;
}

}  // namespace

bool is_python_number(Writer& w, Value value) { return w.is_scalar(value) && w.type(value).weak; }

Value apply_python(Writer& w, std::span<const ops::PythonOverload> function, std::span<const Value> given) {
  std::vector<DType> dtypes;
  for (Value value : given) {
    if (!value || !w.is_scalar(value)) return {};
    dtypes.push_back(w.type(value).dtype);
  }
  std::optional<ops::PythonResolution> resolution = ops::resolve_python(function, dtypes);
  if (!resolution) return {};
  std::vector<Value> operands;
  for (size_t i = 0; i < given.size(); ++i)
    operands.push_back(w.cast(given[i], w.types().weak(resolution->operands[i])));

  const ops::PythonOverload& overload = *resolution->overload;
  for (const ops::Check& check : overload.checks())
    if (!check.is_after()) write_check(w, check, operands, {});
  std::vector<Value> results;
  for (int i = 0; i < overload.result_count(); ++i) {
    ScalarOp op = *overload.ops[static_cast<size_t>(i)];
    TypeId type = w.types().weak(resolution->results[static_cast<size_t>(i)]);
    bool same = op == ScalarOp::kPositive && w.type_id(operands[0]) == type;
    results.push_back(same ? operands[0] : w.op(op, operands, type));
  }
  for (const ops::Check& check : overload.checks())
    if (check.is_after()) write_check(w, check, operands, results[0]);
  return results.size() == 1 ? results[0] : w.tuple(results);
}

std::string_view python_function_of(PyOperator op) {
  switch (op) {
    case PyOperator::kAdd:
      return "operator.add";
    case PyOperator::kSubtract:
      return "operator.sub";
    case PyOperator::kMultiply:
      return "operator.mul";
    case PyOperator::kTrueDivide:
      return "operator.truediv";
    case PyOperator::kFloorDivide:
      return "operator.floordiv";
    case PyOperator::kRemainder:
      return "operator.mod";
    case PyOperator::kPower:
      return "operator.pow";
    case PyOperator::kLeftShift:
      return "operator.lshift";
    case PyOperator::kRightShift:
      return "operator.rshift";
    case PyOperator::kAnd:
      return "operator.and_";
    case PyOperator::kOr:
      return "operator.or_";
    case PyOperator::kXor:
      return "operator.xor";
    case PyOperator::kNegative:
      return "operator.neg";
    case PyOperator::kPositive:
      return "operator.pos";
    case PyOperator::kInvert:
      return "operator.invert";
    case PyOperator::kNot:
      return "operator.not_";
    case PyOperator::kEqual:
      return "operator.eq";
    case PyOperator::kNotEqual:
      return "operator.ne";
    case PyOperator::kLess:
      return "operator.lt";
    case PyOperator::kLessEqual:
      return "operator.le";
    case PyOperator::kGreater:
      return "operator.gt";
    case PyOperator::kGreaterEqual:
      return "operator.ge";
    case PyOperator::kMatMultiply:
    case PyOperator::kIs:
    case PyOperator::kIsNot:
    case PyOperator::kIn:
    case PyOperator::kNotIn:
      return "";
  }
  METATE_UNREACHABLE();
}

Value python_operator(Writer& w, PyOperator op, std::span<const Value> operands) {
  return apply_python(w, ops::python_function(python_function_of(op)), with_exact_conversions(w, operands));
}

Value python_power(Writer& w, Value a, Value b) {
  std::optional<int64_t> exponent = w.constant_integer(b);
  const types::Constant* constant = w.constant(b);
  if (constant && constant->kind == types::ConstantKind::kFloat && constant->number.real() == 2) exponent = 2;
  // An int to a negative power is a float; only a constant says so in time.
  if (exponent && *exponent < 0 && w.is_integer(a)) a = w.cast(a, w.types().weak_float());
  if (exponent != 2 || types::is_complex(w.type(a).dtype)) return apply_python(w, "operator.pow", {a, b});
  Value base = w.is_integer(b) ? a : w.cast(a, w.types().weak_float());
  Value square = apply_python(w, "operator.mul", {base, base});
  if (square && types::is_float(w.type(square).dtype))
    w.check(w.op(ScalarOp::kHasNoOverflow, {square, base}, w.types().weak_bool()), "OverflowError",
            "(34, 'Numerical result out of range')");
  return square;
}

void check_divisor(Writer& w, Value divisor, std::string_view text) {
  if (divisor && w.options().error_model == ir::ErrorModel::kPython)
    w.check(w.cast(divisor, w.types().weak_bool()), "ZeroDivisionError", text);
}

}  // namespace metate::infer
