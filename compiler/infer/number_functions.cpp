#include "compiler/infer/number_functions.h"

#include <cstdlib>

#include "compiler/infer/compare.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/operators.h"
#include "compiler/infer/python_numbers.h"
#include "compiler/infer/store.h"
#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

using ir::PyOperator;

Value wrong_type(Writer& w, std::string_view function, Value value) {
  return w.error(MessageId::kArgumentType, {std::string(function) + "()", "x", w.describe(value)});
}

/// A 0-d array counts as its element.
Value scalar_of(Writer& w, Value value) {
  bool zero_dimensional = value && w.is_array(value) && w.type(value).ndim == 0;
  return zero_dimensional ? w.builder().load(value, {}) : value;
}

bool is_whole(Writer& w, Value value) { return w.is_integer(value); }
bool is_real(Writer& w, Value value) { return w.is_scalar(value) && !types::is_complex(w.type(value).dtype); }

Value to_int(Writer& w, std::span<const Value> arguments) {
  Value x = scalar_of(w, arguments[0]);
  if (!x || !is_real(w, x)) return x ? wrong_type(w, "int", x) : x;
  if (w.is_constant(x, types::ConstantKind::kLargeInt)) return to_weak_int(w, x);
  return apply_python(w, "builtins.int", {x});
}

/// float("nan"), float("1e5")
Value parse_float(Writer& w, Value text) {
  std::string digits(w.universe().symbols.name(w.constant(text)->symbol));
  char* end = nullptr;
  double number = std::strtod(digits.c_str(), &end);
  if (digits.empty() || *end != '\0' || digits.find_first_of("xX(") != std::string::npos)
    return w.error(MessageId::kArgumentType, {"float()", "x", w.universe().text(w.type(text).constant)});
  return w.constant(w.universe().constants.real(number));
}

Value to_float(Writer& w, std::span<const Value> arguments) {
  Value x = scalar_of(w, arguments[0]);
  if (x && w.is_constant(x, types::ConstantKind::kString)) return parse_float(w, x);
  if (!x || !is_real(w, x)) return x ? wrong_type(w, "float", x) : x;
  return w.cast(x, w.types().weak_float());
}

Value to_complex(Writer& w, std::span<const Value> arguments) {
  Value real = scalar_of(w, arguments[0]), imaginary = scalar_of(w, arguments[1]);
  for (Value part : {real, imaginary})
    if (!part || !w.is_scalar(part)) return part ? wrong_type(w, "complex", part) : part;
  TypeId complex = w.types().weak_complex();
  if (w.constant_integer(imaginary) == 0) return w.cast(real, complex);
  if (is_real(w, real) && is_real(w, imaginary)) return apply_python(w, "builtins.complex", {real, imaginary});
  Value unit = w.constant(w.universe().constants.complex({0, 1}));
  Value turned = apply_python(w, "operator.mul", {w.cast(imaginary, complex), unit});
  return apply_python(w, "operator.add", {w.cast(real, complex), turned});
}

Value to_bool(Writer& w, std::span<const Value> arguments) { return truth(w, arguments[0]); }

Value round_number(Writer& w, std::span<const Value> arguments) {
  Value x = arguments[0], digits = arguments[1];
  if (!is_real(w, x)) return wrong_type(w, "round", x);
  if (!w.is_none(digits) && !is_whole(w, digits)) return wrong_type(w, "round", digits);
  const Type& type = w.type(x);
  if (w.is_none(digits)) return apply_python(w, "builtins.round", {x});
  if (!type.weak) return call_named(w, "numpy.round", {x, digits});
  return apply_python(w, "builtins.round", {x, digits});
}

Value divide_modulo(Writer& w, std::span<const Value> arguments) {
  Value quotient = binary(w, PyOperator::kFloorDivide, arguments[0], arguments[1]);
  Value remainder = binary(w, PyOperator::kRemainder, arguments[0], arguments[1]);
  return quotient && remainder ? w.tuple(std::array{quotient, remainder}) : Value();
}

Value power(Writer& w, std::span<const Value> arguments) {
  if (!w.is_none(arguments[2])) return w.error(MessageId::kUnsupportedConstruct, {"pow() with a modulus"});
  return binary(w, PyOperator::kPower, arguments[0], arguments[1]);
}

// Methods of Python's numbers.

Value conjugate(Writer& w, std::span<const Value> arguments) {
  Value x = arguments[0];
  if (types::is_complex(w.type(x).dtype)) return w.op(ScalarOp::kConjugate, {x}, w.type_id(x));
  return w.type(x).dtype == DType::kBool ? w.cast(x, w.types().weak_int()) : x;
}

Value is_integer(Writer& w, std::span<const Value> arguments) {
  Value x = arguments[0];
  TypeId truth_type = w.types().weak_bool();
  // inf - inf is nan, which equals nothing.
  Value fraction = w.op(ScalarOp::kSubtract, {x, w.op(ScalarOp::kTrunc, {x}, w.type_id(x))}, w.type_id(x));
  return w.op(ScalarOp::kEqual, {fraction, w.constant(w.universe().constants.real(0))}, truth_type);
}

constexpr NamedFunction kFunctions[] = {
    {"builtins.int", "x=0, /", to_int},
    {"builtins.float", "x=0.0, /", to_float},
    {"builtins.complex", "real=0, imag=0", to_complex},
    {"builtins.bool", "x=False, /", to_bool},
    {"builtins.round", "number, ndigits=None", round_number},
    {"builtins.divmod", "x, y, /", divide_modulo},
    {"builtins.pow", "base, exp, mod=None", power},
    {"builtins.int.conjugate", "self, /", conjugate},
    {"builtins.float.conjugate", "self, /", conjugate},
    {"builtins.complex.conjugate", "self, /", conjugate},
    {"builtins.float.is_integer", "self, /", is_integer},
};

}  // namespace

std::span<const NamedFunction> number_functions() { return kFunctions; }

}  // namespace metate::infer
