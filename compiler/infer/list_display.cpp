#include "compiler/infer/list_display.h"

namespace metate::infer {
namespace {

constexpr std::string_view kList = "builtins.list";

}  // namespace

Value make_list(Writer& w, std::span<const Value> elements) {
  std::vector<TypeId> types;
  for (Value element : elements) types.push_back(w.type_id(element));
  ConstantId list = w.universe().constants.entity(w.universe().symbols.intern(kList));
  return w.structure(w.types().closure(list, std::move(types)), elements);
}

bool is_list(Writer& w, Value value) {
  const Type& type = w.type(value);
  if (type.kind != TypeKind::kClosure) return false;
  const types::Constant& constant = w.universe().constants[type.constant];
  return constant.kind == types::ConstantKind::kEntity && w.universe().symbols.name(constant.symbol) == kList;
}

}  // namespace metate::infer
