#include "compiler/infer/joining.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/creation.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/store.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

using Kind = KeyItem::Kind;

struct Parts {
  std::vector<Value> arrays;
  DType dtype{};
  int ndim = 0;
};

std::optional<Parts> parts_of(Writer& w, std::string_view function, Value sequence) {
  Parts parts;
  if (is_sequence(w, sequence)) parts.arrays = elements_of(w, sequence);
  for (Value array : parts.arrays) {
    bool first = array == parts.arrays.front();
    bool good = w.is_array(array) && w.type(array).ndim > 0 && (first || w.type(array).ndim == parts.ndim);
    if (!good) {
      w.error(MessageId::kArgumentType, {std::string(function), "arrays", w.describe(sequence)});
      return std::nullopt;
    }
    parts.dtype = first ? w.type(array).dtype : types::promote(parts.dtype, w.type(array).dtype);
    parts.ndim = w.type(array).ndim;
  }
  if (parts.arrays.empty()) {
    w.error(MessageId::kArgumentType, {std::string(function), "arrays", sequence ? w.describe(sequence) : ""});
    return std::nullopt;
  }
  return parts;
}

}  // namespace

Value concatenate(Writer& w, const BoundArguments& arguments) {
  std::optional<Parts> parts = parts_of(w, "np.concatenate()", arguments[0]);
  std::optional<uint8_t> axis = parts ? axis_argument(w, arguments["axis"], parts->ndim) : std::nullopt;
  if (!axis) return {};
  std::vector<Value> extents;
  for (uint8_t d = 0; d < parts->ndim; ++d) extents.push_back(w.dim(parts->arrays[0], d));
  for (size_t i = 1; i < parts->arrays.size(); ++i) {
    for (uint8_t d = 0; d < parts->ndim; ++d) {
      Value extent = w.dim(parts->arrays[i], d);
      if (d == *axis) {
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
  Value result = allocate(w, parts->dtype, extents), start = w.integer(0);
  for (Value array : parts->arrays) {
    Value count = w.dim(array, *axis);
    assign(w, run_of_axis(w, result, *axis, start, count), array);
    start = index::add(w, start, count);
  }
  return result;
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
