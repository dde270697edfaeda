#include "compiler/infer/calls.h"

#include <algorithm>

#include "compiler/infer/builtin_functions.h"
#include "compiler/infer/dtypes.h"
#include "compiler/infer/kernel_functions.h"
#include "compiler/infer/number_functions.h"
#include "compiler/infer/numpy_functions.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/user_call.h"

namespace metate::infer {
namespace {

using types::ConstantKind;

const NamedFunction* find(std::string_view name) {
  for (std::span<const NamedFunction> table :
       {builtin_functions(), number_functions(), numpy_functions(), kernel_functions()})
    for (const NamedFunction& function : table)
      if (function.name == name) return &function;
  return nullptr;
}

/// "numpy.sqrt" as the user knows it.
std::string display_name(std::string_view name) {
  constexpr std::string_view kBuiltins = "builtins.";
  if (name.starts_with(kBuiltins)) name.remove_prefix(kBuiltins.size());
  return std::string(name) + "()";
}

Value call_constant(Writer& w, ConstantId id, const Arguments& arguments) {
  const types::Constant constant = w.universe().constants[id];
  switch (constant.kind) {
    case ConstantKind::kEntity:
      return call_named(w, w.universe().symbols.name(constant.symbol), arguments);
    case ConstantKind::kDType:
      return construct(w, constant.dtype, arguments);
    case ConstantKind::kCallee:
      return call_user_function(w, id, arguments, {});
    default:
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

bool is_known_function(std::string_view name) { return find(name) || is_elementwise(name); }

Value call_named(Writer& w, std::string_view given_name, const Arguments& arguments) {
  if (!std::all_of(arguments.positional.begin(), arguments.positional.end(), [](Value v) { return v.valid(); }))
    return {};
  std::string name = canonical_name(given_name);
  if (const NamedFunction* function = find(name)) {
    std::optional<std::vector<Value>> bound = bind_arguments(w, display_name(name), function->parameters, arguments);
    return bound ? function->write(w, *bound) : Value();
  }
  if (std::optional<Value> result = call_elementwise(w, name, arguments)) return *result;
  return w.error(MessageId::kNoCall, {name});
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
