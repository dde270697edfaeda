#include "compiler/infer/subscript.h"

#include "compiler/infer/key.h"
#include "compiler/infer/list_display.h"
#include "compiler/infer/store.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/view.h"

namespace metate::infer {

Value get_item(Writer& w, Value container, Value key) {
  if (w.type(container).kind == TypeKind::kTuple || is_list(w, container)) return get_tuple_item(w, container, key);
  if (!w.is_array(container)) return w.error(MessageId::kNoIndex, {w.describe(container), w.describe(key)});
  std::optional<Key> parsed = parse_key(w, container, key);
  if (!parsed) return {};
  if (!selects_element(*parsed)) return make_view(w, container, *parsed);
  return w.builder().load(container, element_indices(w, container, *parsed));
}

void set_item(Writer& w, Value container, Value key, Value value) {
  if (!w.is_array(container)) {
    w.error(MessageId::kNoItemAssignment, {w.describe(container)});
    return;
  }
  if (!w.type(container).writable) {
    w.error(MessageId::kReadOnly, {});
    return;
  }
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
