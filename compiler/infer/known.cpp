#include "compiler/infer/known.h"

#include <algorithm>

#include "compiler/infer/join.h"

namespace metate::infer {
namespace {

bool is_complete(ConstantId id, const types::ConstantTable& constants) {
  if (!id) return false;
  const types::Constant& constant = constants[id];
  return constant.kind != types::ConstantKind::kTuple ||
         std::all_of(constant.elements.begin(), constant.elements.end(),
                     [&](ConstantId element) { return is_complete(element, constants); });
}

ConstantId constant_parts(Writer& w, Value value) {
  if (ConstantId id = w.function().constant(value)) return id;
  ir::Inst inst = w.function().defining_inst(value);
  if (!inst || w.function().inst(inst).opcode != ir::Opcode::kTuple) return {};
  std::vector<ConstantId> parts;
  bool any = false;
  for (Value operand : w.function().operands(inst)) {
    parts.push_back(constant_parts(w, operand));
    any |= parts.back().valid();
  }
  return any ? w.universe().constants.tuple(std::move(parts)) : ConstantId();
}

ConstantId join_constants(ConstantId a, ConstantId b, types::ConstantTable& constants) {
  if (a == b) return a;
  if (!a || !b) return {};
  const types::Constant& x = constants[a];
  const types::Constant& y = constants[b];
  if (x.kind != types::ConstantKind::kTuple || y.kind != x.kind || x.elements.size() != y.elements.size()) return {};
  std::vector<ConstantId> parts;
  bool any = false;
  for (size_t i = 0; i < x.elements.size(); ++i) {
    parts.push_back(join_constants(x.elements[i], y.elements[i], constants));
    any |= parts.back().valid();
  }
  return any ? constants.tuple(std::move(parts)) : ConstantId();
}

}  // namespace

Known known_of(Writer& w, Value value) {
  if (!value) return {};
  return {.type = w.type_id(value), .constant = constant_parts(w, value)};
}

bool is_whole(const Known& known, const ir::Universe& universe) {
  return is_complete(known.constant, universe.constants);
}

Known join(const Known& a, const Known& b, ir::Universe& universe) {
  if (a.conflict || b.conflict) return {.conflict = true};
  if (!a.type) return b;
  if (!b.type) return a;
  std::optional<TypeId> type = join(a.type, b.type, universe);
  if (!type) return {.conflict = true};
  // Constants of different types (1 and 1.0) are different constants.
  return {.type = *type, .constant = join_constants(a.constant, b.constant, universe.constants)};
}

Value materialise(Writer& w, const Known& known, Value opaque) {
  if (!known.constant) return opaque;
  // A view with constant parts is no tuple constant, though its parts are kept as one.
  if (is_complete(known.constant, w.universe().constants) && w.universe().type_of(known.constant) == known.type)
    return w.constant(known.constant);

  const std::vector<ConstantId>& parts = w.universe().constants[known.constant].elements;
  std::vector<Value> elements;
  for (size_t i = 0; i < parts.size(); ++i) {
    Value part = is_complete(parts[i], w.universe().constants) ? Value() : w.element(opaque, i);
    elements.push_back(materialise(w, {.type = w.types()[known.type].elements[i], .constant = parts[i]}, part));
  }
  return w.structure(known.type, elements);
}

}  // namespace metate::infer
