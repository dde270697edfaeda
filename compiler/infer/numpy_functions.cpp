#include "compiler/infer/numpy_functions.h"

#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

const ops::NumpyFunction* find_elementwise(std::string_view name) {
  constexpr std::string_view kModule = "numpy.";
  if (!name.starts_with(kModule)) return nullptr;
  for (const ops::NumpyFunction& function : ops::numpy_functions())
    if (function.name == name.substr(kModule.size())) return &function;
  return nullptr;
}

std::string_view parameters_of(ScalarOp op) {
  switch (ops::arity(op)) {
    case 1:
      return "x, /, out=None";
    case 2:
      return "x1, x2, /, out=None";
    default:
      return "x1, x2, x3, /, out=None";
  }
}

}  // namespace

bool is_elementwise(std::string_view name) { return find_elementwise(name); }

std::span<const NamedFunction> numpy_functions() { return {}; }

std::optional<Value> call_elementwise(Writer& w, std::string_view name, const Arguments& arguments) {
  const ops::NumpyFunction* function = find_elementwise(name);
  if (!function) return std::nullopt;
  std::string display = std::string(name) + "()";
  std::optional<std::vector<Value>> bound = bind_arguments(w, display, parameters_of(function->op), arguments);
  if (!bound) return Value();
  Value out = bound->back();
  bound->pop_back();
  bool takes_out = function->is_ufunc && !function->second;
  if (!w.is_none(out) && !takes_out) return w.error(MessageId::kUnknownKeyword, {display, "out"});
  if (!w.is_none(out)) return apply_ufunc_out(w, function->op, *bound, out);
  Value first = apply_ufunc(w, function->op, *bound);
  if (!function->second) return first;
  Value second = apply_ufunc(w, *function->second, *bound);
  return first && second ? w.tuple(std::array{first, second}) : Value();
}

}  // namespace metate::infer
