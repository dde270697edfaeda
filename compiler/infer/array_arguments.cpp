#include "compiler/infer/array_arguments.h"

#include <algorithm>

#include "compiler/infer/convert.h"
#include "compiler/infer/dtypes.h"
#include "compiler/infer/list_display.h"
#include "compiler/infer/tuple_item.h"

namespace metate::infer {

std::optional<DType> required_dtype(Writer& w, Value value) {
  std::optional<DType> dtype = dtype_argument(w, value);
  if (!dtype && value) w.error(MessageId::kArgumentType, {"the function", "dtype", w.describe(value)});
  return dtype;
}

std::optional<DType> dtype_or(Writer& w, Value value, DType otherwise) {
  return !value || w.is_none(value) ? otherwise : required_dtype(w, value);
}

std::optional<std::vector<Value>> integers_argument(Writer& w, Value value) {
  if (!value) return std::nullopt;
  std::vector<Value> integers = is_sequence(w, value) ? elements_of(w, value) : std::vector{value};
  for (Value& integer : integers) {
    if (!w.is_integer(integer)) {
      w.error(MessageId::kArgumentType, {"the function", "shape", w.describe(value)});
      return std::nullopt;
    }
    integer = to_weak_int(w, integer);
  }
  return integers;
}

std::optional<std::vector<Value>> shape_argument(Writer& w, Value value) {
  std::optional<std::vector<Value>> extents = integers_argument(w, value);
  if (!extents) return std::nullopt;
  for (Value extent : *extents) {
    ir::Inst inst = w.function().defining_inst(extent);
    if (inst && w.function().inst(inst).opcode == ir::Opcode::kDim) continue;  // another array's extent
    Value good = w.op(ScalarOp::kLessEqual, {w.integer(0), extent}, w.types().weak_bool());
    w.check(good, "ValueError", "negative dimensions are not allowed");
  }
  return extents;
}

std::optional<uint8_t> axis_argument(Writer& w, Value value, int ndim) {
  std::optional<int64_t> axis = value ? w.constant_integer(value) : std::nullopt;
  if (!axis) {
    w.error(MessageId::kNeedsConstant, {"axis"});
    return std::nullopt;
  }
  int64_t counted = *axis < 0 ? *axis + ndim : *axis;
  if (counted < 0 || counted >= ndim) {
    w.error(MessageId::kAxis, {std::to_string(*axis), std::to_string(ndim)});
    return std::nullopt;
  }
  return static_cast<uint8_t>(counted);
}

std::optional<std::vector<uint8_t>> axes_argument(Writer& w, Value value, int ndim) {
  std::vector<uint8_t> axes;
  if (w.is_none(value)) {
    for (int axis = 0; axis < ndim; ++axis) axes.push_back(static_cast<uint8_t>(axis));
    return axes;
  }
  for (Value item : is_sequence(w, value) ? elements_of(w, value) : std::vector{value}) {
    std::optional<uint8_t> axis = axis_argument(w, item, ndim);
    if (!axis) return std::nullopt;
    if (std::ranges::find(axes, *axis) != axes.end()) {
      w.error(MessageId::kArgumentType, {"the function", "axis", "a tuple with an axis twice"});
      return std::nullopt;
    }
    axes.push_back(*axis);
  }
  std::ranges::sort(axes);
  return axes;
}

std::optional<bool> flag_argument(Writer& w, std::string_view name, Value value) {
  std::optional<int64_t> flag = value ? w.constant_integer(value) : std::nullopt;
  if (!flag) {
    w.error(MessageId::kNeedsConstant, {std::string(name)});
    return std::nullopt;
  }
  return *flag != 0;
}

std::string_view string_argument(Writer& w, Value value) {
  if (!value || !w.is_constant(value, types::ConstantKind::kString)) return "";
  return w.universe().symbols.name(w.constant(value)->symbol);
}

std::optional<types::Layout> order_argument(Writer& w, Value value, types::Layout like) {
  types::Layout kept = like == types::Layout::kF ? types::Layout::kF : types::Layout::kC;
  if (!value || w.is_none(value)) return kept;
  std::string_view order = string_argument(w, value);
  if (order == "C") return types::Layout::kC;
  if (order == "F") return types::Layout::kF;
  if (order == "K" || order == "A") return kept;
  w.error(MessageId::kArgumentType, {"the function", "order", w.describe(value)});
  return std::nullopt;
}

bool is_sequence(Writer& w, Value value) {
  return value && (w.type(value).kind == TypeKind::kTuple || is_list(w, value));
}

}  // namespace metate::infer
