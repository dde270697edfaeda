#include "compiler/infer/joining.h"

#include <functional>

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/axes.h"
#include "compiler/infer/copies.h"
#include "compiler/infer/creation.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/store.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

using Kind = KeyItem::Kind;
using ops::ArrayFunction;

struct Parts {
  std::vector<Value> arrays;
  DType dtype{};
  int ndim = 0;
};

/// A view with new axes in front or behind until there are `ndim`.
Value with_axes(Writer& w, Value array, size_t ndim, bool behind) {
  size_t own = w.type(array).ndim;
  if (own >= ndim) return array;
  Key key(own, KeyItem{Kind::kFull, {}});
  key.insert(behind ? key.end() : key.begin(), ndim - own, KeyItem{Kind::kNewAxis, {}});
  return make_view(w, array, key);
}

/// The arrays of a sequence, their number of dimensions and their common dtype. `prepare` has a say in each first.
std::optional<Parts> parts_of(Writer& w, std::string_view function, Value sequence,
                              const std::function<Value(Value)>& prepare = nullptr) {
  auto refuse = [&]() -> std::optional<Parts> {
    w.error(MessageId::kArgumentType, {std::string(function), "arrays", sequence ? w.describe(sequence) : ""});
    return std::nullopt;
  };
  Parts parts;
  if (!is_sequence(w, sequence)) return refuse();
  for (Value array : elements_of(w, sequence)) {
    bool first = parts.arrays.empty();
    if (prepare && w.is_array(array)) array = prepare(array);
    if (!array) return std::nullopt;
    bool good = w.is_array(array) && w.type(array).ndim > 0 && (first || w.type(array).ndim == parts.ndim);
    if (!good) return refuse();
    parts.dtype = first ? w.type(array).dtype : types::promote(parts.dtype, w.type(array).dtype);
    parts.ndim = w.type(array).ndim;
    parts.arrays.push_back(array);
  }
  return parts.arrays.empty() ? refuse() : parts;
}

Value join_along(Writer& w, const Parts& parts, uint8_t axis) {
  std::vector<Value> extents;
  for (uint8_t d = 0; d < parts.ndim; ++d) extents.push_back(w.dim(parts.arrays[0], d));
  for (size_t i = 1; i < parts.arrays.size(); ++i) {
    for (uint8_t d = 0; d < parts.ndim; ++d) {
      Value extent = w.dim(parts.arrays[i], d);
      if (d == axis) {
        extents[d] = index::add(w, extents[d], extent);
        continue;
      }
      w.check(index::equal(w, extent, extents[d]), "ValueError",
              "all the input array dimensions except for the concatenation axis must match exactly, but along "
              "dimension " +
                  std::to_string(d) + ", the array at index 0 has size {} and the array at index " + std::to_string(i) +
                  " has size {}",
              {extents[d], extent});
    }
  }
  Value result = allocate(w, parts.dtype, extents), start = w.integer(0);
  for (Value array : parts.arrays) {
    Value count = w.dim(array, axis);
    assign(w, run_of_axis(w, result, axis, start, count), array);
    start = index::add(w, start, count);
  }
  return result;
}

}  // namespace

Value concatenate(Writer& w, const BoundArguments& arguments) {
  std::optional<Parts> parts = parts_of(w, "np.concatenate()", arguments[0]);
  std::optional<uint8_t> axis = parts ? axis_argument(w, arguments["axis"], parts->ndim) : std::nullopt;
  return axis ? join_along(w, *parts, *axis) : Value();
}

Value stack_along(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  std::string name = "np." + std::string(ops::name(function)) + "()";
  auto prepare = [&](Value array) {
    if (function == ArrayFunction::kVstack) return with_axes(w, array, 2, false);
    if (function == ArrayFunction::kHstack) return with_axes(w, array, 1, false);
    return with_axes(w, with_axes(w, array, 1, false), 2, true);  // column_stack
  };
  std::optional<Parts> parts = parts_of(w, name, arguments[0], prepare);
  if (!parts) return {};
  bool first_axis = function == ArrayFunction::kVstack || parts->ndim == 1;
  return join_along(w, *parts, first_axis ? 0 : 1);
}

Value append(Writer& w, const BoundArguments& arguments) {
  std::vector<Value> arrays;
  bool flat = w.is_none(arguments["axis"]);
  for (Value array : {arguments[0], arguments["values"]}) {
    array = to_array(w, array, std::nullopt);
    if (array && flat) array = flat_in_order(w, with_axes(w, array, 1, false));
    if (!array) return {};
    arrays.push_back(array);
  }
  std::optional<Parts> parts = parts_of(w, "np.append()", w.tuple(arrays));
  if (!parts) return {};
  std::optional<uint8_t> axis = flat ? uint8_t{0} : axis_argument(w, arguments["axis"], parts->ndim);
  return axis ? join_along(w, *parts, *axis) : Value();
}

Value stack(Writer& w, const BoundArguments& arguments) {
  std::optional<Parts> parts = parts_of(w, "np.stack()", arguments[0]);
  std::optional<uint8_t> axis = parts ? axis_argument(w, arguments["axis"], parts->ndim + 1) : std::nullopt;
  if (!axis) return {};
  std::vector<Value> extents;
  for (uint8_t d = 0; d < parts->ndim; ++d) {
    extents.push_back(w.dim(parts->arrays[0], d));
    for (size_t i = 1; i < parts->arrays.size(); ++i)
      w.check(index::equal(w, w.dim(parts->arrays[i], d), extents[d]), "ValueError",
              "all input arrays must have the same shape");
  }
  extents.insert(extents.begin() + *axis, w.integer(static_cast<int64_t>(parts->arrays.size())));
  Value result = allocate(w, parts->dtype, extents);
  for (size_t i = 0; i < parts->arrays.size(); ++i) {
    Key key(static_cast<size_t>(parts->ndim) + 1, KeyItem{Kind::kFull, {}});
    key[*axis] = {Kind::kInteger, w.integer(static_cast<int64_t>(i))};
    assign(w, make_view(w, result, key), parts->arrays[i]);
  }
  return result;
}

}  // namespace metate::infer
