#include "compiler/infer/c_pointer.h"

#include <array>

#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/view.h"
#include "compiler/types/c_pointer.h"

namespace metate::infer {

Value address_of(Writer& w, Value array) {
  const Type& type = w.type(array);
  TypeId pointer = types::c_pointer(w.types(), type.dtype, type.writable);
  if (type.layout == types::Layout::kF) {
    std::vector<uint8_t> axes;
    for (size_t axis = type.ndim; axis-- > 0;) axes.push_back(static_cast<uint8_t>(axis));
    array = transpose(w, array, axes);
  }
  return w.emit(ir::Opcode::kReshape, 0, {array}, pointer);
}

std::optional<Value> place_behind(Writer& w, Value value, Value key) {
  if (!is_c_pointer(w.type(value))) return std::nullopt;
  if (w.is_integer(key)) return to_weak_int(w, key);
  if (w.type(key).kind == TypeKind::kTuple && w.type(key).elements.empty()) return w.integer(0);  // p[()]
  return w.error(MessageId::kNoIndex, {w.describe(value), w.describe(key)});
}

Value row_behind(Writer& w, Value pointer, Value place) {
  if (!place) return {};
  const Type& type = w.type(pointer);
  TypeId row = w.types().array(type.dtype, 1, types::Layout::kC, type.writable, type.space);
  return w.emit(ir::Opcode::kReshape, 0, {pointer, index::add(w, place, w.integer(1))}, row);
}

}  // namespace metate::infer
