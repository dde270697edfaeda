#include "compiler/infer/subscript.h"

#include "compiler/infer/array_index.h"
#include "compiler/infer/attributes.h"
#include "compiler/infer/c_pointer.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/iteration.h"
#include "compiler/infer/key.h"
#include "compiler/infer/list_display.h"
#include "compiler/infer/store.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

bool is_flat(Writer& w, Value container) {
  return w.type(container).kind == TypeKind::kView && w.type(container).view() == types::View::kFlat;
}

/// x.flat[key] names this element of x.
std::optional<std::vector<Value>> indices_of_flat(Writer& w, Value container, Value key) {
  if (!w.is_scalar(key) || !types::is_integer(w.type(key).dtype)) {
    w.error(MessageId::kNoIndex, {w.describe(container), w.describe(key)});
    return std::nullopt;
  }
  Value array = w.element(container, 0), size = array_size(w, array), place = wrapped_index(w, key, size);
  if (w.options().boundscheck) {
    Value fits =
        w.op(ScalarOp::kBitwiseAnd,
             {w.op(ScalarOp::kLessEqual, {w.integer(0), place}, w.types().weak_bool()), index::less(w, place, size)},
             w.types().weak_bool());
    w.check(fits, "IndexError", "index {} is out of bounds for size {}", {key, size});
  }
  return flat_indices(w, array, place);
}

Value get_flat_item(Writer& w, Value container, Value key) {
  std::optional<std::vector<Value>> indices = indices_of_flat(w, container, key);
  return indices ? w.builder().load(w.element(container, 0), *indices) : Value();
}

void set_flat_item(Writer& w, Value container, Value key, Value value) {
  Value array = w.element(container, 0);
  if (!require_writable(w, array)) return;
  std::optional<std::vector<Value>> indices = indices_of_flat(w, container, key);
  if (!indices) return;
  if (Value element = convert_for_store(w, value, w.type(array).dtype)) w.builder().store(element, array, *indices);
}

}  // namespace

Value get_item(Writer& w, Value container, Value key) {
  if (w.type(container).kind == TypeKind::kTuple || is_list(w, container)) return get_tuple_item(w, container, key);
  if (is_flat(w, container)) return get_flat_item(w, container, key);
  if (!w.is_array(container)) return w.error(MessageId::kNoIndex, {w.describe(container), w.describe(key)});
  if (std::optional<Value> place = place_behind(w, container, key)) {
    Value row = row_behind(w, container, *place);
    return row ? w.builder().load(row, std::array{*place}) : Value();
  }
  if (indexes_by_arrays(w, key)) return get_by_arrays(w, container, key);
  std::optional<Key> parsed = parse_key(w, container, key);
  if (!parsed) return {};
  if (!selects_element(*parsed)) return make_view(w, container, *parsed);
  return w.builder().load(container, element_indices(w, container, *parsed));
}

void set_item(Writer& w, Value container, Value key, Value value) {
  if (is_flat(w, container)) return set_flat_item(w, container, key, value);
  if (!w.is_array(container)) {
    w.error(MessageId::kNoItemAssignment, {w.describe(container)});
    return;
  }
  if (!require_writable(w, container)) return;
  if (std::optional<Value> place = place_behind(w, container, key)) {
    Value row = row_behind(w, container, *place);
    Value element = row ? convert_for_store(w, value, w.type(container).dtype) : Value();
    if (element) w.builder().store(element, row, std::array{*place});
    return;
  }
  if (indexes_by_arrays(w, key)) return set_by_arrays(w, container, key, value);
  std::optional<Key> parsed = parse_key(w, container, key);
  if (!parsed) return;
  if (!selects_element(*parsed)) return assign(w, make_view(w, container, *parsed), value);
  if (w.is_array(value) && w.type(value).ndim > 0) {
    w.error(MessageId::kCannotStore, {w.describe(value), "an element of " + w.describe(container)});
    return;
  }
  std::vector<Value> indices = element_indices(w, container, *parsed);
  if (Value element = convert_for_store(w, value, w.type(container).dtype))
    w.builder().store(element, container, indices);
}

}  // namespace metate::infer
