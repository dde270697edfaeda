#include "compiler/infer/array_index.h"

#include <algorithm>

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/attributes.h"
#include "compiler/infer/axes.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/copies.h"
#include "compiler/infer/creation.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/key.h"
#include "compiler/infer/nest_body.h"
#include "compiler/infer/nonzero.h"
#include "compiler/infer/slice.h"
#include "compiler/infer/store.h"
#include "compiler/infer/subscript.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/ufunc.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

bool is_index_array(Writer& w, Value item) {
  return is_sequence(w, item) || (w.is_array(item) && w.type(item).ndim > 0);
}

std::vector<Value> items_of(Writer& w, Value key) {
  return w.type(key).kind == TypeKind::kTuple ? elements_of(w, key) : std::vector{key};
}

bool uses_one_axis(Writer& w, Value item) { return w.is_scalar(item) || w.type(item).kind == TypeKind::kSlice; }

void check_mask(Writer& w, Value array, Value mask, size_t axis) {
  for (size_t d = 0; d < w.type(mask).ndim && axis + d < w.type(array).ndim; ++d) {
    Value extent = w.dim(array, axis + d), given = w.dim(mask, d);
    w.check(index::equal(w, extent, given), "IndexError",
            "boolean index did not match indexed array along axis " + std::to_string(axis + d) +
                "; size of axis is {} but size of corresponding boolean axis is {}",
            {extent, given});
  }
}

/// An array of integers that indexes one axis.
struct IndexArray {
  Value array;
  size_t axis;  // of the array, for messages
  size_t view_axis;
  bool is_in_range;  // made of a mask
};

/// What a key selects: elements of a view, by arrays on some of its axes.
struct Selection {
  Value view;
  std::vector<IndexArray> arrays;  // all of one shape
  std::vector<Value> extents;      // of the result
  size_t place = 0, ndim = 0;      // where in the result the axes of the arrays stand, and how many there are
};

class Selector {
 public:
  Selector(Writer& w, Value array, Value key) : w_(w), array_(array), items_(items_of(w, key)) {}

  std::optional<Selection> select() {
    if (!read_items()) return std::nullopt;
    std::optional<Key> key = parse_key(w_, array_, w_.tuple(plain_));
    selection_.view = key ? make_view(w_, array_, *key) : Value();
    if (!selection_.view || !give_one_shape()) return std::nullopt;
    give_extents();
    return std::move(selection_);
  }

 private:
  bool read_items();
  bool read_array(Value item, size_t axis, size_t& view_axis);
  bool read_mask(Value mask, size_t axis, size_t& view_axis);
  void add(IndexArray index, size_t& view_axis);
  bool give_one_shape();
  void give_extents();
  size_t axes_used(Value item);

  Writer& w_;
  Value array_;
  std::vector<Value> items_, plain_;  // plain: with a full slice for each axis that an array indexes
  Selection selection_;
};

size_t Selector::axes_used(Value item) {
  if (w_.is_array(item) && w_.type(item).dtype == DType::kBool) return w_.type(item).ndim;
  return uses_one_axis(w_, item) || is_index_array(w_, item) ? 1 : 0;
}

bool Selector::read_items() {
  size_t used = 0, ndim = w_.type(array_).ndim;
  for (Value& item : items_) {
    if (is_sequence(w_, item)) item = to_array(w_, item, std::nullopt);
    if (!item) return false;
    used += axes_used(item);
  }
  size_t axis = 0, view_axis = 0, groups = 0;
  bool in_group = false;  // integers beside arrays count as arrays, as in NumPy
  for (Value item : items_) {
    bool is_advanced = w_.is_scalar(item) || is_index_array(w_, item);
    if (is_advanced && !in_group) {
      ++groups;
      selection_.place = view_axis;
    }
    in_group = is_advanced;
    if (is_index_array(w_, item)) {
      if (!read_array(item, axis, view_axis)) return false;
    } else {
      plain_.push_back(item);
      bool is_ellipsis = w_.is_constant(item, types::ConstantKind::kEllipsis);
      size_t rest = used < ndim ? ndim - used : 0;
      if (is_ellipsis) axis += rest;
      if (!w_.is_scalar(item)) view_axis += is_ellipsis ? rest : 1;
    }
    axis += axes_used(item);
  }
  if (groups > 1) selection_.place = 0;
  return true;
}

void Selector::add(IndexArray index, size_t& view_axis) {
  index.view_axis = view_axis++;
  selection_.arrays.push_back(index);
  plain_.push_back(make_slice(w_, w_.none(), w_.none(), w_.none()));
}

bool Selector::read_array(Value item, size_t axis, size_t& view_axis) {
  DType dtype = w_.type(item).dtype;
  if (dtype == DType::kBool) return read_mask(item, axis, view_axis);
  if (!types::is_integer(dtype)) {
    w_.error(MessageId::kNoIndex, {w_.describe(array_), w_.describe(item)});
    return false;
  }
  add({convert_to_dtype(w_, item, DType::kI64), axis, 0, false}, view_axis);
  return true;
}

bool Selector::read_mask(Value mask, size_t axis, size_t& view_axis) {
  check_mask(w_, array_, mask, axis);
  std::vector<Value> found = nonzero(w_, mask);
  for (size_t d = 0; d < found.size(); ++d) add({found[d], axis + d, 0, true}, view_axis);
  return !found.empty();
}

/// Broadcasts the arrays to their common shape, the first extents of which then are in `extents`.
bool Selector::give_one_shape() {
  for (const IndexArray& index : selection_.arrays)
    selection_.ndim = std::max<size_t>(selection_.ndim, w_.type(index.array).ndim);
  Value one = w_.integer(1);
  std::vector<Value> shape(selection_.ndim, one);
  for (const IndexArray& index : selection_.arrays) {
    size_t ndim = w_.type(index.array).ndim;
    for (size_t d = 0; d < ndim; ++d) {
      Value& common = shape[selection_.ndim - ndim + d];
      Value own = w_.dim(index.array, d), is_one = index::equal(w_, own, one),
            common_is_one = index::equal(w_, common, one);
      Value fits = w_.op(ScalarOp::kBitwiseOr, {is_one, common_is_one}, w_.types().weak_bool());
      fits = w_.op(ScalarOp::kBitwiseOr, {fits, index::equal(w_, own, common)}, w_.types().weak_bool());
      w_.check(fits, "IndexError",
               "shape mismatch: indexing arrays could not be broadcast together: {} and {} elements", {common, own});
      common = common == one ? own : index::select(w_, is_one, common, own);
    }
  }
  if (selection_.arrays.size() > 1)
    for (IndexArray& index : selection_.arrays) index.array = broadcast_known(w_, index.array, shape);
  selection_.extents = std::move(shape);
  return !selection_.arrays.empty();
}

void Selector::give_extents() {
  std::vector<Value> shape = std::move(selection_.extents), rest;
  for (size_t axis = 0; axis < w_.type(selection_.view).ndim; ++axis) {
    bool is_indexed = std::ranges::any_of(selection_.arrays, [&](const IndexArray& i) { return i.view_axis == axis; });
    if (!is_indexed) rest.push_back(w_.dim(selection_.view, axis));
  }
  rest.insert(rest.begin() + static_cast<ptrdiff_t>(selection_.place), shape.begin(), shape.end());
  selection_.extents = std::move(rest);
}

/// What an array says at a place of its own, wrapped and checked.
Value index_at(Writer& w, const Selection& selection, const IndexArray& index, std::span<const Value> place) {
  Value given = to_weak_int(w, w.builder().load(index.array, place));
  if (index.is_in_range) return given;
  ir::IndexCheck check{static_cast<uint8_t>(index.axis), true, w.options().boundscheck};
  return w.emit(ir::Opcode::kIndex, check.encode(), {given, w.dim(selection.view, index.view_axis)},
                w.types().weak_int());
}

/// The place in the view of an element of the result.
std::vector<Value> source_indices(Writer& w, const Selection& selection, std::span<const Value> result) {
  std::span<const Value> of_arrays = result.subspan(selection.place, selection.ndim);
  std::vector<Value> indices(w.type(selection.view).ndim);
  for (const IndexArray& index : selection.arrays) {
    indices[index.view_axis] = index_at(w, selection, index, of_arrays);
  }
  size_t next = 0;
  for (Value& index : indices) {
    if (index) continue;
    if (next == selection.place) next += selection.ndim;
    index = result[next++];
  }
  return indices;
}

/// Checks all indices before anything is stored; the checked ones are a copy, so that x[x] = … may change x.
void check_all(Writer& w, Selection& selection) {
  for (IndexArray& index : selection.arrays) {
    if (index.is_in_range) continue;
    std::vector<Value> extents = elements_of(w, shape_tuple(w, index.array));
    Value checked = allocate(w, DType::kI64, extents);
    NestBody nest(w, {.mode = ir::NestMode::kParallel, .independent = true}, extents);
    Value place = index_at(w, selection, index, nest.indices());
    w.builder().store(w.cast(place, w.types().scalar(DType::kI64)), checked, nest.indices());
    nest.close();
    index.array = checked;
    index.is_in_range = true;
  }
}

/// x[mask] = number: the number where the mask is true, what was there where not.
void set_where(Writer& w, Value array, Value mask, Value number) {
  Key key(w.type(mask).ndim, KeyItem{KeyItem::Kind::kFull, {}});
  key.resize(w.type(array).ndim, KeyItem{KeyItem::Kind::kNewAxis, {}});
  check_mask(w, array, mask, 0);
  assign(w, array, apply_ufunc(w, ScalarOp::kSelect, {make_view(w, mask, key), number, array}));
}

/// The value as something that has an element at every place of the result.
Value spread_value(Writer& w, Value value, std::span<const Value> extents, DType dtype) {
  if (w.is_array(value) && w.type(value).ndim > extents.size())
    return w.error(MessageId::kCannotStore, {w.describe(value), "a selection of fewer dimensions"});
  value = convert_for_store(w, value, dtype);
  if (!value || !w.is_array(value)) return value;
  size_t ndim = w.type(value).ndim;
  for (size_t d = 0; d < ndim; ++d) {
    Value own = w.dim(value, d), wanted = extents[extents.size() - ndim + d];
    Value fits = w.op(ScalarOp::kBitwiseOr, {index::equal(w, own, wanted), index::equal(w, own, w.integer(1))},
                      w.types().weak_bool());
    w.check(fits, "ValueError",
            "shape mismatch: value array could not be broadcast to indexing result: {} elements to {}", {own, wanted});
  }
  return broadcast_known(w, copy_array(w, value, types::Layout::kC), extents);
}

}  // namespace

bool indexes_by_arrays(Writer& w, Value key) {
  return std::ranges::any_of(w.type(key).kind == TypeKind::kTuple ? elements_of(w, key) : std::vector{key},
                             [&](Value item) { return is_index_array(w, item); });
}

Value get_by_arrays(Writer& w, Value array, Value key) {
  std::optional<Selection> selection = Selector(w, array, key).select();
  if (!selection) return {};
  Value result = allocate(w, w.type(array).dtype, selection->extents);
  NestBody nest(w, {.mode = ir::NestMode::kParallel, .independent = true}, selection->extents);
  Value element = w.builder().load(selection->view, source_indices(w, *selection, nest.indices()));
  w.builder().store(element, result, nest.indices());
  nest.close();
  return result;
}

Value take(Writer& w, const BoundArguments& arguments) {
  Value array = arguments[0], indices = arguments["indices"], axis = arguments["axis"];
  if (!array || !indices) return {};
  if (!w.is_array(array)) return w.error(MessageId::kArgumentType, {"np.take()", "a", w.describe(array)});
  if (!w.is_none(arguments["out"]) || string_argument(w, arguments["mode"]) != "raise")
    return w.error(MessageId::kUnsupportedConstruct, {"out= and mode= of np.take()"});
  if (w.is_none(axis)) return get_item(w, flat_in_order(w, array), indices);
  std::optional<uint8_t> place = axis_argument(w, axis, w.type(array).ndim);
  if (!place) return {};
  std::vector<Value> key(*place, make_slice(w, w.none(), w.none(), w.none()));
  key.push_back(indices);
  return get_item(w, array, w.tuple(key));
}

Value extract(Writer& w, const BoundArguments& arguments) {
  Value mask = arguments["condition"], array = arguments["arr"];
  if (!mask || !array) return {};
  for (Value operand : {mask, array})
    if (!w.is_array(operand))
      return w.error(MessageId::kArgumentType, {"np.extract()", "operand", w.describe(operand)});
  mask = flat_in_order(w, convert_to_dtype(w, mask, DType::kBool));
  return get_by_arrays(w, flat_in_order(w, array), mask);
}

void set_by_arrays(Writer& w, Value array, Value key, Value value) {
  bool is_number = w.is_scalar(value) || (w.is_array(value) && w.type(value).ndim == 0);
  bool is_mask = w.is_array(key) && w.type(key).dtype == DType::kBool && w.type(key).ndim <= w.type(array).ndim;
  if (is_number && is_mask) {
    Value number = convert_for_store(w, value, w.type(array).dtype);
    if (number) set_where(w, array, key, number);
    return;
  }
  std::optional<Selection> selection = Selector(w, array, key).select();
  if (!selection) return;
  Value spread = spread_value(w, value, selection->extents, w.type(array).dtype);
  if (!spread) return;
  check_all(w, *selection);
  NestBody nest(w, {}, selection->extents);
  Value element = w.is_array(spread) ? w.builder().load(spread, nest.indices()) : spread;
  w.builder().store(element, selection->view, source_indices(w, *selection, nest.indices()));
  nest.close();
}

}  // namespace metate::infer
