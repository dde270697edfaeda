#include "compiler/infer/methods.h"

#include <algorithm>

#include "compiler/infer/calls.h"
#include "compiler/infer/kernel_functions.h"

namespace metate::infer {
namespace {

/// x.name(…) of an array or NumPy scalar that is numpy.name(x, …).
constexpr std::string_view kSameAsFunction[] = {
    "all",      "any",     "argmax", "argmin", "clip",     "conj",    "conjugate", "copy",  "cumprod", "cumsum",
    "diagonal", "dot",     "max",    "mean",   "min",      "nonzero", "prod",      "ravel", "repeat",  "round",
    "sort",     "squeeze", "std",    "sum",    "swapaxes", "take",    "trace",     "var",   "argsort", "searchsorted",
};

}  // namespace

std::optional<std::string> find_method(Writer& w, Value object, std::string_view name) {
  const Type& type = w.type(object);
  auto known = [&](std::string_view class_name) {
    std::string function = std::string(class_name) + "." + std::string(name);
    return is_known_function(function) ? std::optional(function) : std::nullopt;
  };
  switch (type.kind) {
    case TypeKind::kScalar:
      if (type.weak) return name == "conjugate" ? known("numpy") : std::nullopt;
      [[fallthrough]];
    case TypeKind::kArray:
      if (std::ranges::find(kSameAsFunction, name) != std::end(kSameAsFunction)) return known("numpy");
      return known("numpy.ndarray");
    case TypeKind::kKernelObject:
      return known(kernel_class_name(type.kernel_object()));
    case TypeKind::kUnknown:
    case TypeKind::kTuple:
    case TypeKind::kConstant:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure:
      return std::nullopt;
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::infer
