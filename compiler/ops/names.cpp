#include "compiler/ops/names.h"

#include <algorithm>
#include <array>

#include "compiler/types/dtype.h"

namespace metate::ops {
namespace {

using Kind = Named::Kind;

constexpr std::string_view kReductionSignature =
    "a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=True";
constexpr std::string_view kPositionSignature = "a, axis=None, out=None, *, keepdims=False";

struct Method {
  std::string_view name;
  std::string_view signature;
  ArrayFunction function;
};
constexpr Method kMethods[] = {
#define ARRAY_METHOD(name, signature, enumerator) {name, signature, ArrayFunction::enumerator},
#include "compiler/ops/array_functions.def"
};

// Elementwise functions and reductions that arrays have as methods.
constexpr std::string_view kElementwiseMethods[] = {"clip", "conj", "conjugate", "round"};
constexpr std::string_view kReductionMethods[] = {"all",  "any", "argmax", "argmin", "max",
                                                  "mean", "min", "prod",   "sum"};

template <size_t N>
bool contains(const std::string_view (&names)[N], std::string_view name) {
  return std::ranges::find(names, name) != std::end(names);
}

std::string_view after_first_parameter(std::string_view signature) {
  size_t comma = signature.find(", ");
  return comma == std::string_view::npos ? std::string_view() : signature.substr(comma + 2);
}

std::optional<Named> find_numpy(std::string_view name) {
  for (const NumpyFunction& function : numpy_functions())
    if (function.name == name)
      return Named{.kind = Kind::kElementwise, .elementwise = &function, .signature = function.signature};
  if (auto reduction = reduction_from_name(name)) {
    bool position = info(*reduction).kind == ReductionKind::kPosition;
    return Named{.kind = Kind::kReduction,
                 .reduction = *reduction,
                 .signature = position ? kPositionSignature : kReductionSignature};
  }
  if (auto function = array_function_from_name(name);
      function && *function != ArrayFunction::kFill && *function != ArrayFunction::kFlatten)
    return Named{.kind = Kind::kArrayFunction, .array_function = *function, .signature = info(*function).signature};
  if (auto dtype = types::dtype_from_numpy_name(name))
    return Named{.kind = Kind::kDType, .dtype = *dtype, .signature = "x=0, /"};
  return std::nullopt;
}

}  // namespace

std::optional<Named> find_name(std::string_view qualified) {
  if (qualified.starts_with("numpy.")) return find_numpy(qualified.substr(6));
  std::span<const PythonOverload> python = python_function(qualified);
  if (python.empty()) return std::nullopt;
  return Named{.kind = Kind::kPython, .python = python, .signature = python[0].signature};
}

std::optional<Named> find_method(std::string_view name) {
  for (const Method& method : kMethods)
    if (method.name == name)
      return Named{.kind = Kind::kArrayFunction, .array_function = method.function, .signature = method.signature};
  if (!contains(kElementwiseMethods, name) && !contains(kReductionMethods, name)) return std::nullopt;
  std::optional<Named> function = find_numpy(name);
  function->signature = after_first_parameter(function->signature);
  return function;
}

}  // namespace metate::ops
