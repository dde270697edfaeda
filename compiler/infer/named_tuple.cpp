#include "compiler/infer/named_tuple.h"

#include "compiler/ir/element_name.h"

namespace metate::infer {
namespace {

std::span<const ConstantId> names(Writer& w, ConstantId of_class) { return ir::field_names(of_class, w.universe()); }

std::span<const ConstantId> defaults(Writer& w, ConstantId of_class) {
  const types::ConstantTable& constants = w.universe().constants;
  return constants[constants[of_class].elements[1]].elements;
}

bool has_names(const Type& type) { return type.kind == TypeKind::kTuple && type.constant.valid(); }

/// The description is "the class module.Point".
std::string class_name(Writer& w, ConstantId of_class) {
  std::string_view text = w.universe().symbols.name(w.universe().constants[of_class].symbol);
  return std::string(text.substr(text.find_last_of(" .") + 1));
}

}  // namespace

bool is_named_tuple_class(const types::Constant& constant) {
  return constant.kind == types::ConstantKind::kObject && constant.elements.size() == 2;
}

Value make_named_tuple(Writer& w, ConstantId of_class, const Arguments& arguments) {
  CalleeSignature signature;
  for (ConstantId name : names(w, of_class))
    signature.parameters.push_back({.name = w.universe().constants[name].symbol, .default_value = {}});
  std::span<const ConstantId> given = defaults(w, of_class);
  const size_t first = signature.parameters.size() - given.size();
  for (size_t i = 0; i < given.size(); ++i) signature.parameters[first + i].default_value = given[i];
  std::optional<std::vector<Value>> elements =
      bind_arguments(w, class_name(w, of_class) + "()", signature, arguments, {});
  if (!elements) return {};
  Type type{.kind = TypeKind::kTuple, .constant = of_class};
  for (Value element : *elements) {
    if (!element) return {};
    type.elements.push_back(w.type_id(element));
  }
  return w.structure(w.types().intern(std::move(type)), *elements);
}

std::optional<Value> find_field(Writer& w, Value value, std::string_view name) {
  const Type& type = w.type(value);
  if (!has_names(type)) return std::nullopt;
  if (name == "_fields") return w.constant(w.universe().constants[type.constant].elements[0]);
  for (size_t i = 0; i < type.elements.size(); ++i)
    if (field_name(w, type, i) == name) return w.element(value, i);
  return std::nullopt;
}

std::string named_tuple_name(Writer& w, const Type& type) {
  return has_names(type) ? class_name(w, type.constant) : std::string();
}

std::string_view field_name(Writer& w, const Type& type, size_t place) {
  return w.universe().symbols.name(w.universe().constants[names(w, type.constant)[place]].symbol);
}

}  // namespace metate::infer
