#include "compiler/infer/builtin_functions.h"

#include <algorithm>

#include "compiler/infer/compare.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/fold_sequence.h"
#include "compiler/infer/iteration.h"
#include "compiler/infer/join.h"
#include "compiler/infer/list_display.h"
#include "compiler/infer/operators.h"
#include "compiler/infer/tuple_item.h"

namespace metate::infer {
namespace {

Value wrong_type(Writer& w, std::string_view function, std::string_view argument, Value value) {
  return w.error(MessageId::kArgumentType, {std::string(function), std::string(argument), w.describe(value)});
}

/// The length of a str that is kept as UTF-8.
int64_t code_points(std::string_view text) {
  return std::ranges::count_if(text, [](char byte) { return (byte & 0xc0) != 0x80; });
}

Value len(Writer& w, std::span<const Value> arguments) {
  if (w.is_constant(arguments[0], types::ConstantKind::kString))
    return w.integer(code_points(w.universe().symbols.name(w.constant(arguments[0])->symbol)));
  const Type& type = w.type(arguments[0]);
  bool sized = is_iterable(w, arguments[0]) && (type.kind != TypeKind::kView || type.view() == types::View::kRange ||
                                                type.view() == types::View::kFlat);
  return sized ? iteration_count(w, arguments[0]) : wrong_type(w, "len()", "obj", arguments[0]);
}

Value tuple(Writer& w, std::span<const Value> arguments) {
  Value count = iteration_count(w, arguments[0]);
  if (!count) return {};
  std::optional<int64_t> known = w.constant_integer(count);
  if (!known) return w.error(MessageId::kNeedsConstant, {"the length of a tuple"});
  std::vector<Value> elements;
  for (int64_t i = 0; i < *known; ++i) elements.push_back(iteration_at(w, arguments[0], w.integer(i)));
  return w.tuple(elements);
}

// Folds.

Value sum(Writer& w, std::span<const Value> arguments) {
  return fold_sequence(w, arguments[0], arguments[1], 0, ScalarOp::kAdd,
                       [](Writer& writer, Value a, Value b) { return binary(writer, ir::PyOperator::kAdd, a, b); });
}

template <bool all>
Value all_or_any(Writer& w, std::span<const Value> arguments) {
  constexpr ScalarOp kOp = all ? ScalarOp::kBitwiseAnd : ScalarOp::kBitwiseOr;
  return fold_sequence(w, arguments[0], w.boolean(all), 0, kOp, [](Writer& writer, Value a, Value b) {
    return writer.op(kOp, {a, truth(writer, b)}, writer.types().weak_bool());
  });
}

/// Which of two numbers min() or max() keeps, as their common type. An int that a narrow NumPy integer cannot hold
/// makes the result an int64, since either may be the answer.
template <ScalarOp op>
Value choose(Writer& w, Value a, Value b) {
  if (!a || !b) return {};
  for (Value operand : {a, b})
    if (!w.is_scalar(operand) || types::is_complex(w.type(operand).dtype))
      return w.error(MessageId::kNoOperator, {"<", w.describe(a) + " and " + w.describe(b)});
  TypeId type = *join(w.type_id(a), w.type_id(b), w.universe());
  for (Value operand : {a, b}) {
    std::optional<int64_t> known = w.constant_integer(operand);
    bool narrow = types::is_integer(w.types()[type].dtype) && w.type(operand).weak && !w.types()[type].weak;
    if (narrow && !(known && fits(*known, w.types()[type].dtype)))
      type = w.types().scalar(types::promote(w.types()[type].dtype, DType::kI64));
  }
  return w.op(op, {convert(w, a, type), convert(w, b, type)}, type);
}

template <ScalarOp op>
Value extremum(Writer& w, std::span<const Value> arguments) {
  constexpr std::string_view kName = op == ScalarOp::kFirstMinimum ? "min()" : "max()";
  std::vector<Value> values = elements_of(w, arguments[0]);
  if (!w.is_none(arguments[1])) return w.error(MessageId::kUnsupportedConstruct, {std::string(kName) + " with a key"});
  if (values.empty())
    return w.error(MessageId::kWrongArguments, {std::string(kName), "expected at least 1 argument, got 0"});
  if (values.size() > 1) {
    Value result = values[0];
    for (size_t i = 1; i < values.size(); ++i) result = choose<op>(w, result, values[i]);
    return result;
  }
  Value count = iteration_count(w, values[0]);
  if (!count) return {};
  w.check(w.op(ScalarOp::kLess, {w.integer(0), count}, w.types().weak_bool()), "ValueError",
          std::string(kName) + " iterable argument is empty");
  if (w.constant_integer(count) == 0)
    return w.error(MessageId::kArgumentType, {std::string(kName), "iterable", "empty"});
  return fold_sequence(w, values[0], iteration_at(w, values[0], w.integer(0)), 1, op, choose<op>);
}

// Types.

bool is_instance_of(Writer& w, Value value, std::string_view name) {
  const Type& type = w.type(value);
  bool scalar = type.kind == TypeKind::kScalar, weak = scalar && type.weak, strong = scalar && !type.weak;
  if (name == "builtins.bool") return weak && type.dtype == DType::kBool;
  if (name == "builtins.int") return weak && w.is_integer(value);  // bool is an int
  // np.float64 and np.complex128 are subclasses of Python's classes.
  if (name == "builtins.float") return scalar && type.dtype == DType::kF64;
  if (name == "builtins.complex") return scalar && type.dtype == DType::kC128;
  if (name == "builtins.tuple") return type.kind == TypeKind::kTuple;
  if (name == "builtins.str") return w.is_constant(value, types::ConstantKind::kString);
  if (name == "builtins.list") return is_list(w, value);
  if (name == "numpy.ndarray") return type.kind == TypeKind::kArray;
  if (name == "numpy.generic") return strong;
  if (name == "numpy.number") return strong && type.dtype != DType::kBool;
  if (name == "numpy.integer") return strong && types::is_integer(type.dtype);
  if (name == "numpy.signedinteger") return strong && types::is_signed(type.dtype);
  if (name == "numpy.unsignedinteger") return strong && types::kind(type.dtype) == types::Kind::kUnsigned;
  if (name == "numpy.inexact") return strong && (types::is_float(type.dtype) || types::is_complex(type.dtype));
  if (name == "numpy.floating") return strong && types::is_float(type.dtype);
  if (name == "numpy.complexfloating") return strong && types::is_complex(type.dtype);
  return false;
}

/// Whether `value` is one of a class or a tuple of classes; nothing for what is no class that is known here.
std::optional<bool> is_instance(Writer& w, Value value, const types::Constant& which) {
  switch (which.kind) {
    case types::ConstantKind::kDType:
      return w.is_scalar(value) && !w.type(value).weak && w.type(value).dtype == which.dtype;
    case types::ConstantKind::kEntity:
      return is_instance_of(w, value, w.universe().symbols.name(which.symbol));
    case types::ConstantKind::kTuple: {
      bool any = false;
      for (ConstantId element : which.elements) {
        std::optional<bool> one = is_instance(w, value, w.universe().constants[element]);
        if (!one) return std::nullopt;
        any |= *one;
      }
      return any;
    }
    default:
      return std::nullopt;
  }
}

Value isinstance(Writer& w, std::span<const Value> arguments) {
  const types::Constant* which = w.constant(arguments[1]);
  std::optional<bool> result = which ? is_instance(w, arguments[0], *which) : std::nullopt;
  return result ? w.boolean(*result) : wrong_type(w, "isinstance()", "class", arguments[1]);
}

constexpr NamedFunction kFunctions[] = {
    {"builtins.len", "obj, /", len},
    {"builtins.tuple", "iterable=(), /", tuple},
    {"builtins.sum", "iterable, /, start=0", sum},
    {"builtins.all", "iterable, /", all_or_any<true>},
    {"builtins.any", "iterable, /", all_or_any<false>},
    {"builtins.min", "*args, key=None", extremum<ScalarOp::kFirstMinimum>},
    {"builtins.max", "*args, key=None", extremum<ScalarOp::kFirstMaximum>},
    {"builtins.isinstance", "obj, class_or_tuple, /", isinstance},
};

}  // namespace

std::span<const NamedFunction> builtin_functions() { return kFunctions; }

}  // namespace metate::infer
