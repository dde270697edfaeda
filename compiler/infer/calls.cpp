#include "compiler/infer/calls.h"

#include <algorithm>

#include "compiler/infer/array_call.h"
#include "compiler/infer/builtin_functions.h"
#include "compiler/infer/dtypes.h"
#include "compiler/infer/elementwise_call.h"
#include "compiler/infer/foreign_call.h"
#include "compiler/infer/group_functions.h"
#include "compiler/infer/iterator_functions.h"
#include "compiler/infer/kernel_functions.h"
#include "compiler/infer/kernel_memory.h"
#include "compiler/infer/named_tuple.h"
#include "compiler/infer/number_functions.h"
#include "compiler/infer/python_numbers.h"
#include "compiler/infer/reduction_call.h"
#include "compiler/infer/synchronisation.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/ufunc.h"
#include "compiler/infer/user_call.h"
#include "compiler/ops/names.h"

namespace metate::infer {
namespace {

using types::ConstantKind;

const NamedFunction* find(std::string_view name) {
  for (std::span<const NamedFunction> table :
       {builtin_functions(), number_functions(), iterator_functions(), kernel_functions(), kernel_memory_functions(),
        synchronisation_functions(), group_functions(), foreign_functions()})
    for (const NamedFunction& function : table)
      if (function.name == name) return &function;
  return nullptr;
}

constexpr std::string_view kArrayMethods = "numpy.ndarray.";

bool is_method(std::string_view name) { return name.starts_with(kArrayMethods); }

std::optional<ops::Named> find_row(std::string_view name) {
  return is_method(name) ? ops::find_method(name.substr(kArrayMethods.size())) : ops::find_name(name);
}

/// "numpy.sqrt" as the user knows it.
std::string display_name(std::string_view name) {
  for (std::string_view prefix : {std::string_view("builtins."), kArrayMethods})
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  return (name.starts_with("numpy.") ? "np." + std::string(name.substr(6)) : std::string(name)) + "()";
}

/// Trailing parameters that are None choose the overload with fewer operands; a starred one is folded from the left.
Value call_python_function(Writer& w, const ops::Named& row, std::string_view display,
                           const BoundArguments& arguments) {
  std::vector<Value> operands(arguments.values().begin(), arguments.values().end());
  bool variadic = row.signature.starts_with('*');
  if (variadic) operands = elements_of(w, operands[0]);
  while (!operands.empty() && w.is_none(operands.back())) operands.pop_back();
  for (Value& operand : operands)
    if (w.is_array(operand) && w.type(operand).ndim == 0) operand = w.builder().load(operand, {});

  auto is_strong = [&](Value value) { return is_numeric(w, value) && !is_python_number(w, value); };
  std::optional<ScalarOp> numpy = row.python[0].numpy;
  Value result;
  if (numpy && !variadic && std::ranges::any_of(operands, is_strong)) return apply_ufunc(w, *numpy, operands);
  if (variadic && operands.size() > 1) {
    result = operands[0];
    for (size_t i = 1; i < operands.size() && result; ++i)
      result = apply_python(w, row.python, std::array{result, operands[i]});
  } else {
    result = apply_python(w, row.python, operands);
  }
  if (result) return result;
  std::string text;
  for (Value operand : operands) text += (text.empty() ? "" : " and ") + w.describe(operand);
  return w.error(MessageId::kNoOperator, {std::string(display), text});
}

Value call_row(Writer& w, const ops::Named& row, std::string_view display, const BoundArguments& arguments) {
  switch (row.kind) {
    case ops::Named::Kind::kElementwise:
      return call_elementwise(w, *row.elementwise, arguments);
    case ops::Named::Kind::kPython:
      return call_python_function(w, row, display, arguments);
    case ops::Named::Kind::kReduction:
      return call_reduction(w, row.reduction, arguments);
    case ops::Named::Kind::kArrayFunction:
      return call_array_function(w, row.array_function, arguments);
    case ops::Named::Kind::kDType:
      return construct(w, row.dtype, arguments[0]);
  }
  METATE_UNREACHABLE();
}

Value call_constant(Writer& w, ConstantId id, const Arguments& arguments) {
  const types::Constant constant = w.universe().constants[id];
  switch (constant.kind) {
    case ConstantKind::kEntity:
      return call_named(w, w.universe().symbols.name(constant.symbol), arguments);
    case ConstantKind::kDType:
      return call_named(w, "numpy." + std::string(types::numpy_name(constant.dtype)), arguments);
    case ConstantKind::kCallee:
      return call_user_function(w, id, arguments, {});
    case ConstantKind::kForeign:
      return call_foreign(w, id, arguments);
    default:
      if (is_named_tuple_class(constant)) return make_named_tuple(w, id, arguments);
      return w.error(MessageId::kNoCall, {w.universe().text(id)});
  }
}

/// Metate's own functions are known without the module that they live in: metate.kernel_api.Item is metate.Item.
std::string canonical_name(std::string_view name) {
  constexpr std::string_view kPackages[] = {"metate.kernel_api.", "metate.kernels."};
  for (std::string_view package : kPackages)
    if (name.starts_with(package)) return "metate." + std::string(name.substr(package.size()));
  return std::string(name);
}

}  // namespace

bool is_known_function(std::string_view name) { return find(name) || find_row(name); }

Value call_named(Writer& w, std::string_view given_name, const Arguments& arguments) {
  if (!std::ranges::all_of(arguments.positional, [](Value value) { return value.valid(); })) return {};
  std::string name = canonical_name(given_name), display = display_name(name);
  if (const NamedFunction* function = find(name)) {
    std::optional<BoundArguments> bound = bind_arguments(w, display, function->parameters, arguments);
    return bound ? function->write(w, bound->values()) : Value();
  }
  std::optional<ops::Named> row = find_row(name);
  if (!row) return w.error(MessageId::kNoCall, {display});
  std::string signature(row->signature);
  if (is_method(name)) signature = signature.empty() ? "self" : "self, " + signature;
  std::optional<BoundArguments> bound = bind_arguments(w, display, signature, arguments);
  return bound ? call_row(w, *row, display, *bound) : Value();
}

Value call(Writer& w, Value callee, const Arguments& arguments) {
  const Type& type = w.type(callee);
  if (type.kind == TypeKind::kConstant) return call_constant(w, type.constant, arguments);
  if (type.kind != TypeKind::kClosure) return w.error(MessageId::kNoCall, {w.describe(callee)});
  std::vector<Value> captured = elements_of(w, callee);
  if (w.universe().constants[type.constant].kind == ConstantKind::kCallee)
    return call_user_function(w, type.constant, arguments, captured);
  // A bound method.
  Arguments with_self = arguments;
  with_self.positional.insert(with_self.positional.begin(), captured.begin(), captured.end());
  return call_constant(w, type.constant, with_self);
}

}  // namespace metate::infer
