#include "compiler/infer/tuple_item.h"

#include <algorithm>

#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/key.h"
#include "compiler/infer/slice.h"

namespace metate::infer {
namespace {

Value tuple_slice(Writer& w, Value tuple, Value slice) {
  SliceRange range = apply_slice(w, slice, w.integer(static_cast<int64_t>(w.type(tuple).elements.size())));
  if (!range.count) return {};
  std::optional<int64_t> start = w.constant_integer(range.start), count = w.constant_integer(range.count),
                         step = w.constant_integer(range.step);
  if (!start || !count || !step) return w.error(MessageId::kNeedsConstant, {"the slice of a tuple"});
  std::vector<Value> elements;
  for (int64_t i = 0; i < *count; ++i) elements.push_back(w.element(tuple, static_cast<size_t>(*start + i * *step)));
  return w.tuple(elements);
}

/// Picks by a chain of branches: for elements that no `select` takes.
Value pick_by_branches(Writer& w, const std::vector<Value>& elements, Value index) {
  ir::Block done = w.new_block();
  Value result = w.function().add_param(done, w.type_id(elements[0]));
  for (size_t i = 0; i + 1 < elements.size(); ++i) {
    ir::Block next = w.new_block();
    Value here = index::equal(w, index, w.integer(static_cast<int64_t>(i)));
    w.builder().branch(here, done, std::array{elements[i]}, next, {});
    w.builder().position(next);
  }
  w.builder().jump(done, std::array{elements.back()});
  w.builder().position(done);
  return result;
}

}  // namespace

std::vector<Value> elements_of(Writer& w, Value tuple) {
  std::vector<Value> elements;
  for (size_t i = 0; i < w.type(tuple).elements.size(); ++i) elements.push_back(w.element(tuple, i));
  return elements;
}

Value tuple_at(Writer& w, Value tuple, Value index) {
  if (!tuple || !index) return {};
  std::vector<Value> elements = elements_of(w, tuple);
  auto alike = [&](Value element) { return w.type_id(element) == w.type_id(elements[0]); };
  if (elements.empty() || !std::all_of(elements.begin(), elements.end(), alike))
    return w.error(MessageId::kNeedsConstant, {"the index of a tuple whose elements differ in type"});
  if (!w.is_scalar(elements[0])) return pick_by_branches(w, elements, index);
  Value result = elements.back();
  for (size_t i = elements.size() - 1; i-- > 0;) {
    Value here = index::equal(w, index, w.integer(static_cast<int64_t>(i)));
    result = w.op(ScalarOp::kSelect, {here, elements[i], result}, w.type_id(result));
  }
  return result;
}

Value get_tuple_item(Writer& w, Value tuple, Value key) {
  if (w.type(key).kind == TypeKind::kSlice) return tuple_slice(w, tuple, key);
  if (!w.is_integer(key)) return w.error(MessageId::kNoIndex, {w.describe(tuple), w.describe(key)});
  auto size = static_cast<int64_t>(w.type(tuple).elements.size());
  if (std::optional<int64_t> known = w.constant_integer(key)) {
    int64_t index = *known < 0 ? *known + size : *known;
    if (index < 0 || index >= size)
      return w.error(MessageId::kTupleIndex, {std::to_string(*known), std::to_string(size)});
    return w.element(tuple, static_cast<size_t>(index));
  }
  Value zero = w.integer(0), extent = w.integer(size), index = wrapped_index(w, key, extent);
  if (w.options().boundscheck) {
    w.check(w.op(ScalarOp::kLessEqual, {zero, index}, w.types().weak_bool()), "IndexError", "tuple index out of range");
    w.check(index::less(w, index, extent), "IndexError", "tuple index out of range");
  }
  return tuple_at(w, tuple, index);
}

}  // namespace metate::infer
