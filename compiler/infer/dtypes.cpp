#include "compiler/infer/dtypes.h"

#include "compiler/infer/store.h"
#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

std::optional<DType> python_class(std::string_view name) {
  if (name == "builtins.bool") return DType::kBool;
  if (name == "builtins.int") return DType::kI64;
  if (name == "builtins.float") return DType::kF64;
  if (name == "builtins.complex") return DType::kC128;
  return std::nullopt;
}

std::optional<DType> from_text(std::string_view text) {
  if (std::optional<DType> dtype = types::dtype_from_numpy_name(text)) return dtype;
  if (!text.empty() && (text[0] == '<' || text[0] == '=' || text[0] == '|')) text.remove_prefix(1);
  for (int i = 0; i < types::kDTypeCount; ++i) {
    auto dtype = static_cast<DType>(i);
    if (text.size() == 1 && text[0] == types::numpy_char(dtype)) return dtype;
    char kind = "?uifc"[static_cast<size_t>(types::kind(dtype))];  // "f4": kind and bytes
    if (text == std::string(1, kind == '?' ? 'b' : kind) + std::to_string(types::size(dtype))) return dtype;
  }
  return std::nullopt;
}

}  // namespace

std::optional<DType> dtype_argument(Writer& w, Value value) {
  const types::Constant* constant = value ? w.constant(value) : nullptr;
  if (!constant) return std::nullopt;
  switch (constant->kind) {
    case types::ConstantKind::kDType:
      return constant->dtype;
    case types::ConstantKind::kString:
      return from_text(w.universe().symbols.name(constant->symbol));
    case types::ConstantKind::kEntity:
      return python_class(w.universe().symbols.name(constant->symbol));
    default:
      return std::nullopt;
  }
}

Value construct(Writer& w, DType dtype, Value x) {
  if (!x) return {};
  if (is_numeric(w, x)) return convert_for_store(w, x, dtype);
  return w.error(MessageId::kArgumentType, {"np." + std::string(types::numpy_name(dtype)) + "()", "x", w.describe(x)});
}

}  // namespace metate::infer
