#include "compiler/infer/methods.h"

#include "compiler/infer/calls.h"
#include "compiler/infer/kernel_functions.h"

namespace metate::infer {

std::optional<std::string> find_method(Writer& w, Value object, std::string_view name) {
  const Type& type = w.type(object);
  auto known = [&](std::string_view class_name) {
    std::string function = std::string(class_name) + "." + std::string(name);
    return is_known_function(function) ? std::optional(function) : std::nullopt;
  };
  switch (type.kind) {
    case TypeKind::kScalar:
      if (type.weak && types::is_complex(type.dtype)) return known("builtins.complex");
      if (type.weak) return known(types::is_float(type.dtype) ? "builtins.float" : "builtins.int");
      [[fallthrough]];
    case TypeKind::kArray:
      return known("numpy.ndarray");
    case TypeKind::kKernelObject:
      return known(kernel_class_name(type.kernel_object()));
    case TypeKind::kUnknown:
    case TypeKind::kTuple:
    case TypeKind::kConstant:
    case TypeKind::kView:
    case TypeKind::kSlice:
      return std::nullopt;
    case TypeKind::kClosure: {
      const types::Constant& made_of = w.universe().constants[type.constant];
      if (made_of.kind != types::ConstantKind::kEntity) return std::nullopt;
      return known(w.universe().symbols.name(made_of.symbol));
    }
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::infer
