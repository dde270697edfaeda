#include "compiler/infer/creation.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/attributes.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/key.h"
#include "compiler/infer/store.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/ufunc.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

using ops::ArrayFunction;
using types::Layout;

Value emit_array(Writer& w, ArrayFunction function, std::span<const Value> operands, TypeId type) {
  return w.emit(ir::Opcode::kArrayFunction, static_cast<uint32_t>(function), operands, type);
}

Value zeros(Writer& w, DType dtype, std::span<const Value> extents, Layout layout) {
  return emit_array(w, ArrayFunction::kZeros, extents,
                    w.types().array(dtype, static_cast<int>(extents.size()), layout));
}

Value full(Writer& w, DType dtype, std::span<const Value> extents, Layout layout, Value value) {
  if (value && w.is_array(value) && w.type(value).ndim > 0) {
    Value array = allocate(w, dtype, extents, layout);
    assign(w, array, value);
    return array;
  }
  std::vector<Value> operands(extents.begin(), extents.end());
  operands.push_back(convert_for_store(w, value, dtype));
  return emit_array(w, ArrayFunction::kFull, operands,
                    w.types().array(dtype, static_cast<int>(extents.size()), layout));
}

/// The dtype that np.array(value) has.
DType own_dtype(Writer& w, Value value) { return is_numeric(w, value) ? w.type(value).dtype : DType::kF64; }

/// What empty, zeros, ones and full do once shape, dtype and order are known.
Value create(Writer& w, ArrayFunction function, DType dtype, std::span<const Value> extents, Layout layout,
             Value fill) {
  switch (function) {
    case ArrayFunction::kEmpty:
    case ArrayFunction::kEmptyLike:
      return allocate(w, dtype, extents, layout);
    case ArrayFunction::kZeros:
    case ArrayFunction::kZerosLike:
      return zeros(w, dtype, extents, layout);
    case ArrayFunction::kOnes:
    case ArrayFunction::kOnesLike:
      return full(w, dtype, extents, layout, w.integer(1));
    default:
      return full(w, dtype, extents, layout, fill);
  }
}

Value by_shape(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  Value fill = arguments["fill_value"];
  DType otherwise = function == ArrayFunction::kFull ? own_dtype(w, fill) : DType::kF64;
  std::optional<DType> dtype = dtype_or(w, arguments["dtype"], otherwise);
  std::optional<Layout> layout = order_argument(w, arguments["order"], Layout::kC);
  std::optional<std::vector<Value>> extents = shape_argument(w, arguments["shape"]);
  if (!dtype || !layout || !extents) return {};
  return create(w, function, *dtype, *extents, *layout, fill);
}

Value by_prototype(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  Value like = arguments[0];
  if (!like) return {};
  if (!is_numeric(w, like)) return w.error(MessageId::kArgumentType, {"the function", "prototype", w.describe(like)});
  std::optional<DType> dtype = dtype_or(w, arguments["dtype"], w.type(like).dtype);
  std::optional<Layout> layout = order_argument(w, arguments["order"], w.type(like).layout);
  std::optional<std::vector<Value>> extents;
  if (!w.is_none(arguments["shape"])) {
    extents = shape_argument(w, arguments["shape"]);
  } else {
    extents = w.is_array(like) ? elements_of(w, shape_tuple(w, like)) : std::vector<Value>();
  }
  if (!dtype || !layout || !extents) return {};
  return create(w, function, *dtype, *extents, *layout, arguments["fill_value"]);
}

Value identity(Writer& w, const BoundArguments& arguments) {
  std::optional<DType> dtype = dtype_or(w, arguments["dtype"], DType::kF64);
  Value rows = arguments[0], columns = arguments["M"], offset = arguments["k"];
  if (!columns || w.is_none(columns)) columns = rows;
  std::optional<std::vector<Value>> row_count = shape_argument(w, rows), column_count = shape_argument(w, columns);
  if (!dtype || !row_count || !column_count) return {};
  Value row = make_view(w, counting(w, row_count->at(0)), {{KeyItem::Kind::kFull, {}}, {KeyItem::Kind::kNewAxis, {}}});
  if (offset) row = apply_ufunc(w, ScalarOp::kAdd, {row, offset});
  return convert_to_dtype(w, apply_ufunc(w, ScalarOp::kEqual, {row, counting(w, column_count->at(0))}), *dtype);
}

/// Whether an element stands at or below the k-th diagonal: column <= row + k.
Value lower_triangle(Writer& w, Value rows, Value columns, Value k) {
  using Kind = KeyItem::Kind;
  Value row = make_view(w, counting(w, rows), {{Kind::kFull, {}}, {Kind::kNewAxis, {}}});
  return apply_ufunc(w, ScalarOp::kLessEqual, {counting(w, columns), apply_ufunc(w, ScalarOp::kAdd, {row, k})});
}

Value tri(Writer& w, const BoundArguments& arguments) {
  std::optional<DType> dtype = dtype_or(w, arguments["dtype"], DType::kF64);
  Value given = w.is_none(arguments["M"]) ? arguments[0] : arguments["M"];
  std::optional<std::vector<Value>> rows = shape_argument(w, arguments[0]), columns = shape_argument(w, given);
  if (!dtype || !rows || !columns || !arguments["k"]) return {};
  return convert_to_dtype(w, lower_triangle(w, rows->at(0), columns->at(0), arguments["k"]), *dtype);
}

/// np.triu and np.tril: the other elements are zero.
Value triangle(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  Value array = arguments[0], k = arguments["k"];
  if (!array || !k) return {};
  if (!w.is_array(array) || w.type(array).ndim < 2 || !w.is_integer(k))
    return w.error(MessageId::kArgumentType, {"np." + std::string(ops::name(function)) + "()", "m", w.describe(array)});
  size_t ndim = w.type(array).ndim;
  bool lower = function == ArrayFunction::kTril;
  if (!lower) k = index::subtract(w, to_weak_int(w, k), w.integer(1));
  Value below = lower_triangle(w, w.dim(array, ndim - 2), w.dim(array, ndim - 1), k);
  Value zero = w.cast(w.integer(0), w.types().scalar(w.type(array).dtype));
  return lower ? apply_ufunc(w, ScalarOp::kSelect, {below, array, zero})
               : apply_ufunc(w, ScalarOp::kSelect, {below, zero, array});
}

}  // namespace

Value allocate(Writer& w, DType dtype, std::span<const Value> extents, Layout layout) {
  return w.emit(ir::Opcode::kAlloc, 0, extents, w.types().array(dtype, static_cast<int>(extents.size()), layout));
}

Value counting(Writer& w, Value count) {
  TypeId type = w.types().scalar(DType::kI64);
  std::array operands{count, w.cast(w.integer(0), type), w.cast(w.integer(1), type)};
  return emit_array(w, ArrayFunction::kArange, operands, w.types().array(DType::kI64, 1, Layout::kC));
}

Value call_creation(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  switch (function) {
    case ArrayFunction::kEye:
    case ArrayFunction::kIdentity:
      return identity(w, arguments);
    case ArrayFunction::kTri:
      return tri(w, arguments);
    case ArrayFunction::kTriu:
    case ArrayFunction::kTril:
      return triangle(w, function, arguments);
    case ArrayFunction::kEmpty:
    case ArrayFunction::kZeros:
    case ArrayFunction::kOnes:
    case ArrayFunction::kFull:
      return by_shape(w, function, arguments);
    default:
      return by_prototype(w, function, arguments);
  }
}

}  // namespace metate::infer
