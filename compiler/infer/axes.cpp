#include "compiler/infer/axes.h"

#include <algorithm>

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/attributes.h"
#include "compiler/infer/copies.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/slice.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

using ops::ArrayFunction;
using types::Layout;
using Kind = KeyItem::Kind;

Value emit_reshape(Writer& w, Value array, std::span<const Value> extents) {
  std::vector<Value> operands{array};
  operands.insert(operands.end(), extents.begin(), extents.end());
  const Type& type = w.type(array);
  TypeId result = w.types().view_of(type, extents.size(), Layout::kC);
  return w.emit(ir::Opcode::kReshape, 0, operands, result);
}

/// x.reshape(2, 3) and x.reshape((2, 3)) are the same.
Value spread_argument(Writer& w, Value value) {
  bool wrapped = is_sequence(w, value) && w.type(value).elements.size() == 1 && is_sequence(w, w.element(value, 0));
  return wrapped ? w.element(value, 0) : value;
}

/// Extents as they are given, and whether they fit the size.
struct Extents {
  std::vector<Value> values;
  Value fit;
};

/// The extents with a negative one replaced by what is left for it. Only one may be negative, a constant or not.
Extents complete(Writer& w, std::span<const Value> given, Value size) {
  Value zero = w.integer(0), one = w.integer(1), known = one, open = zero;
  std::vector<Value> negative;
  for (Value extent : given) {
    negative.push_back(index::less(w, extent, zero));
    known = index::multiply(w, known, index::select(w, negative.back(), one, extent));
    open = index::add(w, open, index::select(w, negative.back(), one, zero));
  }
  Extents extents;
  if (w.constant_integer(open) == 0) {
    extents.values.assign(given.begin(), given.end());
    extents.fit = index::equal(w, known, size);
    return extents;
  }
  w.check(w.op(ScalarOp::kLessEqual, {open, one}, w.types().weak_bool()), "ValueError",
          "can only specify one unknown dimension");
  // Beside an extent of 0 any other would do, so none may be left open.
  Value divisor = index::maximum(w, known, one), rest = index::floor_divide(w, size, divisor);
  for (size_t i = 0; i < given.size(); ++i) extents.values.push_back(index::select(w, negative[i], rest, given[i]));
  Value product = index::multiply(w, divisor, index::select(w, index::equal(w, open, one), rest, one));
  Value is_known = index::equal(w, known, divisor), is_closed = index::equal(w, open, zero);
  product = index::select(w, is_known, product, zero);
  extents.fit =
      w.op(ScalarOp::kBitwiseAnd,
           {index::equal(w, product, size), w.op(ScalarOp::kBitwiseOr, {is_known, is_closed}, w.types().weak_bool())},
           w.types().weak_bool());
  return extents;
}

/// "(2,newaxis)" as NumPy writes the shape that was asked for, without what is negative in front; values that vary
/// stand as {}.
std::string shape_text(Writer& w, std::span<const Value> extents, std::vector<Value>& values) {
  bool is_single = extents.size() == 1;
  while (!extents.empty() && w.constant_integer(extents[0]).value_or(0) < 0) extents = extents.subspan(1);
  std::string text = "(";
  for (size_t i = 0; i < extents.size(); ++i) {
    std::optional<int64_t> known = w.constant_integer(extents[i]);
    if (!known) values.push_back(extents[i]);
    std::string item = known ? (*known < 0 ? "newaxis" : std::to_string(*known)) : "{}";
    text += (i ? "," : "") + item;
  }
  return text + (is_single && !extents.empty() ? ",)" : ")");
}

Value reshape(Writer& w, Value array, Value shape) {
  std::optional<std::vector<Value>> given = integers_argument(w, spread_argument(w, shape));
  if (!given) return {};
  if (w.type(array).layout != Layout::kC) return w.error(MessageId::kNotContiguous, {"reshape", w.describe(array)});
  Value size = array_size(w, array);
  Extents extents = complete(w, *given, size);
  std::vector<Value> values{size};
  std::string text = "cannot reshape array of size {} into shape " + shape_text(w, *given, values);
  w.check(extents.fit, "ValueError", text, values);
  return emit_reshape(w, array, extents.values);
}

Value transpose_by(Writer& w, Value array, Value axes) {
  int ndim = w.type(array).ndim;
  std::vector<uint8_t> permutation;
  Value given = spread_argument(w, axes);
  bool reversed = !given || w.is_none(given) || (is_sequence(w, given) && w.type(given).elements.empty());
  if (is_sequence(w, given) && w.type(given).elements.size() == 1 && w.is_none(w.element(given, 0))) reversed = true;
  if (reversed) {
    for (int axis = ndim; axis-- > 0;) permutation.push_back(static_cast<uint8_t>(axis));
    return transpose(w, array, permutation);
  }
  for (Value item : is_sequence(w, given) ? elements_of(w, given) : std::vector{given}) {
    std::optional<uint8_t> axis = axis_argument(w, item, ndim);
    if (!axis) return {};
    permutation.push_back(*axis);
  }
  std::vector<uint8_t> sorted = permutation;
  std::ranges::sort(sorted);
  for (int axis = 0; axis < ndim; ++axis)
    if (sorted.size() != static_cast<size_t>(ndim) || sorted[static_cast<size_t>(axis)] != axis)
      return w.error(MessageId::kArgumentType, {"transpose()", "axes", "no permutation of the array's axes"});
  return transpose(w, array, permutation);
}

Value swap_axes(Writer& w, Value array, Value first, Value second) {
  int ndim = w.type(array).ndim;
  std::optional<uint8_t> a = axis_argument(w, first, ndim), b = axis_argument(w, second, ndim);
  if (!a || !b) return {};
  std::vector<uint8_t> permutation;
  for (int axis = 0; axis < ndim; ++axis) permutation.push_back(static_cast<uint8_t>(axis));
  std::swap(permutation[*a], permutation[*b]);
  return transpose(w, array, permutation);
}

Value squeeze(Writer& w, Value array, Value axis) {
  if (w.is_none(axis)) return w.error(MessageId::kNeedsConstant, {"the axis of squeeze()"});
  std::optional<std::vector<uint8_t>> axes = axes_argument(w, axis, w.type(array).ndim);
  if (!axes) return {};
  Key key(w.type(array).ndim, KeyItem{Kind::kFull, {}});
  for (uint8_t squeezed : *axes) {
    w.check(index::equal(w, w.dim(array, squeezed), w.integer(1)), "ValueError",
            "cannot select an axis to squeeze out which has size not equal to one");
    key[squeezed] = {Kind::kInteger, w.integer(0)};
  }
  return make_view(w, array, key);
}

Value expand_dims(Writer& w, Value array, Value axis) {
  int count = is_sequence(w, axis) ? static_cast<int>(w.type(axis).elements.size()) : 1;
  std::optional<std::vector<uint8_t>> axes = axes_argument(w, axis, w.type(array).ndim + count);
  if (!axes) return {};
  Key key(w.type(array).ndim, KeyItem{Kind::kFull, {}});
  for (uint8_t added : *axes) key.insert(key.begin() + added, KeyItem{Kind::kNewAxis, {}});
  return make_view(w, array, key);
}

Value flip(Writer& w, Value array, const std::vector<uint8_t>& axes) {
  Key key(w.type(array).ndim, KeyItem{Kind::kFull, {}});
  for (uint8_t axis : axes) key[axis] = {Kind::kSlice, make_slice(w, w.none(), w.none(), w.integer(-1))};
  return key.empty() ? array : make_view(w, array, key);
}

/// np.flip, np.flipud, np.fliplr
Value call_flip(Writer& w, ArrayFunction function, Value array, const BoundArguments& arguments) {
  int ndim = w.type(array).ndim;
  if (function == ArrayFunction::kFlip) {
    std::optional<std::vector<uint8_t>> axes = axes_argument(w, arguments["axis"], ndim);
    return axes ? flip(w, array, *axes) : Value();
  }
  uint8_t axis = function == ArrayFunction::kFliplr;
  if (axis >= ndim) return w.error(MessageId::kAxis, {std::to_string(axis), std::to_string(ndim)});
  return flip(w, array, {axis});
}

Value move_axis(Writer& w, Value array, Value source, Value destination) {
  int ndim = w.type(array).ndim;
  std::optional<uint8_t> from = axis_argument(w, source, ndim), to = axis_argument(w, destination, ndim);
  if (!from || !to) return {};
  std::vector<uint8_t> permutation;
  for (int axis = 0; axis < ndim; ++axis)
    if (axis != *from) permutation.push_back(static_cast<uint8_t>(axis));
  permutation.insert(permutation.begin() + *to, *from);
  return transpose(w, array, permutation);
}

Value broadcast_to(Writer& w, Value array, Value shape) {
  std::optional<std::vector<Value>> extents = shape_argument(w, shape);
  if (!extents) return {};
  size_t ndim = w.type(array).ndim;
  if (extents->size() < ndim)
    return w.error(MessageId::kArgumentType, {"np.broadcast_to()", "shape", "of fewer dimensions than the array"});
  for (size_t axis = 0; axis < ndim; ++axis) {
    Value own = w.dim(array, axis), wanted = (*extents)[extents->size() - ndim + axis];
    Value fits = w.op(ScalarOp::kBitwiseOr, {index::equal(w, own, wanted), index::equal(w, own, w.integer(1))},
                      w.types().weak_bool());
    w.check(fits, "ValueError", "operands could not be broadcast together: an axis of {} elements to {}",
            {own, wanted});
  }
  return broadcast_known(w, array, *extents);
}

}  // namespace

Value flatten(Writer& w, Value array) {
  return array ? emit_reshape(w, array, std::array{array_size(w, array)}) : Value();
}

Value flat_in_order(Writer& w, Value array) {
  return flatten(w, !array || w.type(array).layout == Layout::kC ? array : copy_array(w, array, Layout::kC));
}

Value call_axes_function(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  Value array = arguments[0];
  if (!array) return {};
  if (!w.is_array(array))
    return w.error(MessageId::kArgumentType, {std::string(ops::name(function)) + "()", "a", w.describe(array)});
  if (arguments.has("order") && string_argument(w, arguments["order"]) != "C")
    return w.error(MessageId::kUnsupportedConstruct, {"order= of " + std::string(ops::name(function)) + "()"});
  switch (function) {
    case ArrayFunction::kReshape:
      return reshape(w, array, arguments["shape"]);
    case ArrayFunction::kRavel:
      return flat_in_order(w, array);
    case ArrayFunction::kTranspose:
      return transpose_by(w, array, arguments["axes"]);
    case ArrayFunction::kSwapaxes:
      return swap_axes(w, array, arguments["axis1"], arguments["axis2"]);
    case ArrayFunction::kSqueeze:
      return squeeze(w, array, arguments["axis"]);
    case ArrayFunction::kExpandDims:
      return expand_dims(w, array, arguments["axis"]);
    case ArrayFunction::kFlip:
    case ArrayFunction::kFlipud:
    case ArrayFunction::kFliplr:
      return call_flip(w, function, array, arguments);
    case ArrayFunction::kMoveaxis:
      return move_axis(w, array, arguments["source"], arguments["destination"]);
    default:
      return broadcast_to(w, array, arguments["shape"]);
  }
}

}  // namespace metate::infer
