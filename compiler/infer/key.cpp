#include "compiler/infer/key.h"

#include <algorithm>

#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"

namespace metate::infer {
namespace {

using Kind = KeyItem::Kind;

std::vector<Value> items_of(Writer& w, Value key) {
  if (w.type(key).kind != TypeKind::kTuple) return {key};
  std::vector<Value> items;
  for (size_t i = 0; i < w.type(key).elements.size(); ++i) items.push_back(w.element(key, i));
  return items;
}

bool is_ellipsis(Writer& w, Value item) { return w.is_constant(item, types::ConstantKind::kEllipsis); }

std::optional<KeyItem> read_item(Writer& w, Value array, Value item) {
  if (w.is_scalar(item) && types::is_integer(w.type(item).dtype)) return KeyItem{Kind::kInteger, item};
  if (w.type(item).kind == TypeKind::kSlice) return KeyItem{Kind::kSlice, item};
  if (w.is_none(item)) return KeyItem{Kind::kNewAxis, {}};
  w.error(MessageId::kNoIndex, {w.describe(array), w.describe(item)});
  return std::nullopt;
}

}  // namespace

std::optional<Key> parse_key(Writer& w, Value array, Value key_value) {
  Key key;
  std::optional<size_t> ellipsis;
  for (Value item : items_of(w, key_value)) {
    if (is_ellipsis(w, item)) {
      if (ellipsis) {
        w.error(MessageId::kNoIndex, {w.describe(array), "more than one ellipsis ('...')"});
        return std::nullopt;
      }
      ellipsis = key.size();
      continue;
    }
    std::optional<KeyItem> read = read_item(w, array, item);
    if (!read) return std::nullopt;
    key.push_back(*read);
  }
  size_t ndim = w.type(array).ndim;
  auto given =
      static_cast<size_t>(std::count_if(key.begin(), key.end(), [](const KeyItem& i) { return i.uses_axis(); }));
  if (given > ndim) {
    w.error(MessageId::kTooManyIndices, {std::to_string(given), std::to_string(ndim)});
    return std::nullopt;
  }
  auto rest = key.begin() + static_cast<ptrdiff_t>(ellipsis.value_or(key.size()));
  key.insert(rest, ndim - given, KeyItem{Kind::kFull, {}});
  return key;
}

bool selects_element(const Key& key) {
  return std::all_of(key.begin(), key.end(), [](const KeyItem& item) { return item.kind == Kind::kInteger; });
}

bool can_be_negative(Writer& w, Value index) {
  std::optional<int64_t> known = w.constant_integer(index);
  return types::kind(w.type(index).dtype) != types::Kind::kUnsigned && (!known || *known < 0);
}

Value wrapped_index(Writer& w, Value index, Value extent) {
  Value given = to_weak_int(w, index);
  if (!can_be_negative(w, index)) return given;
  return index::select(w, index::less(w, given, w.integer(0)), index::add(w, given, extent), given);
}

Value checked_index(Writer& w, Value array, size_t axis, Value index) {
  if (!array || !index) return {};
  ir::IndexCheck check{static_cast<uint8_t>(axis), can_be_negative(w, index), w.options().boundscheck};
  Value value = to_weak_int(w, index);
  if (!check.wrap && !check.check) return value;
  return w.emit(ir::Opcode::kIndex, check.encode(), {value, w.dim(array, axis)}, w.types().weak_int());
}

std::vector<Value> element_indices(Writer& w, Value array, const Key& key) {
  std::vector<Value> indices;
  for (size_t axis = 0; axis < key.size(); ++axis) indices.push_back(checked_index(w, array, axis, key[axis].value));
  return indices;
}

}  // namespace metate::infer
