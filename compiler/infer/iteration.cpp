#include "compiler/infer/iteration.h"

#include "compiler/infer/attributes.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/list_display.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

using types::View;

/// The index of the k-th point of a box in C order, one value an axis.
std::vector<Value> unravel(Writer& w, Value k, std::span<const Value> extents) {
  std::vector<Value> indices(extents.size());
  for (size_t axis = extents.size(); axis-- > 0;) {
    indices[axis] = axis == 0 ? k : index::remainder(w, k, extents[axis]);
    if (axis > 0) k = index::floor_divide(w, k, extents[axis]);
  }
  return indices;
}

Value product(Writer& w, std::span<const Value> factors) {
  Value result = w.integer(1);
  for (Value factor : factors) result = index::multiply(w, result, factor);
  return result;
}

Value view_count(Writer& w, Value view) {
  switch (w.type(view).view()) {
    case View::kRange:
      return index::range_count(w, w.element(view, 0), w.element(view, 1), w.element(view, 2));
    case View::kEnumerate:
    case View::kReversed:
      return iteration_count(w, w.element(view, 0));
    case View::kZip: {
      if (w.type(view).elements.empty()) return w.integer(0);
      Value count = iteration_count(w, w.element(view, 0));
      for (size_t i = 1; i < w.type(view).elements.size(); ++i)
        count = index::minimum(w, count, iteration_count(w, w.element(view, i)));
      return count;
    }
    case View::kNdIndex:
      return product(w, elements_of(w, w.element(view, 0)));
    case View::kNdEnumerate:
    case View::kFlat:
      return array_size(w, w.element(view, 0));
  }
  METATE_UNREACHABLE();
}

Value view_at(Writer& w, Value view, Value k) {
  switch (w.type(view).view()) {
    case View::kRange:
      return index::add(w, w.element(view, 0), index::multiply(w, k, w.element(view, 2)));
    case View::kEnumerate: {
      Value element = iteration_at(w, w.element(view, 0), k);
      return w.tuple(std::array{index::add(w, w.element(view, 1), k), element});
    }
    case View::kReversed: {
      Value inner = w.element(view, 0);
      Value last = index::subtract(w, iteration_count(w, inner), w.integer(1));
      return iteration_at(w, inner, index::subtract(w, last, k));
    }
    case View::kZip: {
      std::vector<Value> elements;
      for (Value part : elements_of(w, view)) elements.push_back(iteration_at(w, part, k));
      return w.tuple(elements);
    }
    case View::kNdIndex:
      return w.tuple(unravel(w, k, elements_of(w, w.element(view, 0))));
    case View::kNdEnumerate: {
      Value array = w.element(view, 0);
      std::vector<Value> indices = flat_indices(w, array, k);
      Value element = w.builder().load(array, indices);
      return w.tuple(std::array{w.tuple(indices), element});
    }
    case View::kFlat: {
      Value array = w.element(view, 0);
      return w.builder().load(array, flat_indices(w, array, k));
    }
  }
  METATE_UNREACHABLE();
}

}  // namespace

std::vector<Value> flat_indices(Writer& w, Value array, Value k) {
  return unravel(w, k, elements_of(w, shape_tuple(w, array)));
}

bool is_iterable(Writer& w, Value value) {
  const Type& type = w.type(value);
  return type.kind == TypeKind::kView || type.kind == TypeKind::kTuple || is_list(w, value) ||
         (type.kind == TypeKind::kArray && type.ndim > 0);
}

Value iteration_count(Writer& w, Value iterable) {
  if (!iterable) return {};
  if (!is_iterable(w, iterable)) return w.error(MessageId::kNotIterable, {w.describe(iterable)});
  if (w.is_array(iterable)) return w.dim(iterable, 0);
  if (w.type(iterable).kind == TypeKind::kView) return view_count(w, iterable);
  return w.integer(static_cast<int64_t>(w.type(iterable).elements.size()));
}

Value iteration_at(Writer& w, Value iterable, Value k) {
  if (!iterable || !k) return {};
  if (!is_iterable(w, iterable)) return w.error(MessageId::kNotIterable, {w.describe(iterable)});
  if (w.is_array(iterable)) return first_axis_at(w, iterable, k);
  if (w.type(iterable).kind == TypeKind::kView) return view_at(w, iterable, k);
  if (std::optional<int64_t> known = w.constant_integer(k)) {
    auto index = static_cast<size_t>(*known);
    if (index < w.type(iterable).elements.size()) return w.element(iterable, index);
  }
  return tuple_at(w, iterable, k);
}

}  // namespace metate::infer
