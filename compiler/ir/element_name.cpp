#include "compiler/ir/element_name.h"

namespace metate::ir {

std::span<const types::ConstantId> field_names(types::ConstantId of_class, const Universe& universe) {
  return universe.constants[universe.constants[of_class].elements[0]].elements;
}

std::string element_name(std::string_view whole, const types::Type& type, size_t place, const Universe& universe) {
  std::string name(whole);
  if (whole.empty() || type.kind != types::TypeKind::kTuple) return name;
  if (!type.constant.valid()) return name + "[" + std::to_string(place) + "]";
  const types::ConstantId field = field_names(type.constant, universe)[place];
  return name + "." + std::string(universe.symbols.name(universe.constants[field].symbol));
}

}  // namespace metate::ir
