#include "compiler/infer/numpy_functions.h"

#include "compiler/infer/ufunc.h"

namespace metate::infer {

std::span<const NamedFunction> numpy_functions() { return {}; }

std::optional<Value> call_elementwise(Writer& w, std::string_view name, const Arguments& arguments) {
  constexpr std::string_view kModule = "numpy.";
  if (!name.starts_with(kModule)) return std::nullopt;
  for (const ops::NumpyFunction& function : ops::numpy_functions()) {
    if (function.name != name.substr(kModule.size())) continue;
    std::string_view parameters = ops::arity(function.op) == 1   ? "x, /, out=None"
                                  : ops::arity(function.op) == 2 ? "x1, x2, /, out=None"
                                                                 : "x1, x2, x3, /, out=None";
    std::optional<std::vector<Value>> bound = bind_arguments(w, std::string(name) + "()", parameters, arguments);
    if (!bound) return Value();
    Value out = bound->back();
    bound->pop_back();
    if (function.second) {
      if (!w.is_none(out)) return w.error(MessageId::kUnknownKeyword, {std::string(name) + "()", "out"});
      Value first = apply_ufunc(w, function.op, *bound);
      return first ? w.tuple(std::array{first, apply_ufunc(w, *function.second, *bound)}) : first;
    }
    if (w.is_none(out)) return apply_ufunc(w, function.op, *bound);
    if (!function.is_ufunc) return w.error(MessageId::kUnknownKeyword, {std::string(name) + "()", "out"});
    return apply_ufunc_out(w, function.op, *bound, out);
  }
  return std::nullopt;
}

}  // namespace metate::infer
