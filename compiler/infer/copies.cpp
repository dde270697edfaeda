#include "compiler/infer/copies.h"

#include <algorithm>

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/axes.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/creation.h"
#include "compiler/infer/store.h"
#include "compiler/infer/tuple_item.h"
#include "compiler/infer/ufunc.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

using ops::ArrayFunction;
using types::Layout;

/// What nested displays say of an array: its extents (of inner arrays, those of the first one), and its dtype.
struct Display {
  std::vector<Value> extents;
  std::optional<DType> dtype;
};

std::optional<Display> examine(Writer& w, Value value) {
  if (w.is_scalar(value)) return Display{{}, w.type(value).dtype};
  if (w.is_array(value)) {
    Display display{{}, w.type(value).dtype};
    for (size_t axis = 0; axis < w.type(value).ndim; ++axis) display.extents.push_back(w.dim(value, axis));
    return display;
  }
  if (!is_sequence(w, value)) {
    w.error(MessageId::kArgumentType, {"np.array()", "object", w.describe(value)});
    return std::nullopt;
  }
  std::vector<Value> elements = elements_of(w, value);
  Display display;
  for (size_t i = 0; i < elements.size(); ++i) {
    std::optional<Display> element = examine(w, elements[i]);
    if (!element) return std::nullopt;
    if (i == 0) display.extents = element->extents;
    bool same = element->extents.size() == display.extents.size();
    for (size_t k = 0; same && k < display.extents.size(); ++k) {
      Value equal = w.op(ScalarOp::kEqual, {element->extents[k], display.extents[k]}, w.types().weak_bool());
      same = w.constant_integer(equal) != 0;
      if (same) w.check(equal, "ValueError", "setting an array element with a sequence of another length");
    }
    if (!same) {
      w.error(MessageId::kArgumentType, {"np.array()", "object", "a nested sequence of different lengths"});
      return std::nullopt;
    }
    if (element->dtype)
      display.dtype = display.dtype ? types::promote(*display.dtype, *element->dtype) : element->dtype;
  }
  display.extents.insert(display.extents.begin(), w.integer(static_cast<int64_t>(elements.size())));
  return display;
}

void fill_from(Writer& w, Value array, std::vector<Value>& indices, Value value) {
  if (is_sequence(w, value)) {
    std::vector<Value> elements = elements_of(w, value);
    for (size_t i = 0; i < elements.size(); ++i) {
      indices.push_back(w.integer(static_cast<int64_t>(i)));
      fill_from(w, array, indices, elements[i]);
      indices.pop_back();
    }
    return;
  }
  if (w.is_array(value) && w.type(value).ndim > 0) {
    for (Value index : indices) array = first_axis_at(w, array, index);
    return assign(w, array, value);
  }
  if (Value element = convert_for_store(w, value, w.type(array).dtype)) w.builder().store(element, array, indices);
}

/// The array itself where nothing has to change, else a conversion or a copy.
Value convert_or_copy(Writer& w, Value array, DType dtype, Layout layout, bool copy) {
  if (w.type(array).dtype == dtype) return copy ? copy_array(w, array, layout) : array;
  Value converted = w.cast(array, w.types().array(dtype, w.type(array).ndim, layout));
  return converted;
}

Value astype(Writer& w, Value x, const BoundArguments& arguments) {
  std::optional<DType> dtype = required_dtype(w, arguments["dtype"]);
  std::optional<bool> copy = flag_argument(w, "copy", arguments["copy"]);
  if (!dtype || !copy) return {};
  if (w.is_scalar(x)) return w.cast(x, w.types().scalar(*dtype));
  std::optional<Layout> layout = order_argument(w, arguments["order"], w.type(x).layout);
  return layout ? convert_or_copy(w, x, *dtype, *layout, *copy) : Value();
}

/// An array of no dimensions becomes one of one element.
Value with_an_axis(Writer& w, Value array) {
  if (!array || w.type(array).ndim > 0) return array;
  return make_view(w, array, {{KeyItem::Kind::kNewAxis, {}}});
}

bool keeps_array(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  if (function != ArrayFunction::kArray) return true;
  return w.constant_integer(arguments["copy"]) == 0 || w.is_none(arguments["copy"]);
}

}  // namespace

Value copy_array(Writer& w, Value array, Layout layout) {
  if (!array) return {};
  if (layout == Layout::kAny) layout = Layout::kC;
  return w.emit(ir::Opcode::kArrayFunction, static_cast<uint32_t>(ArrayFunction::kCopy), {array},
                w.types().array(w.type(array).dtype, w.type(array).ndim, layout));
}

Value to_array(Writer& w, Value value, std::optional<DType> dtype) {
  if (!value) return {};
  if (w.is_array(value)) return dtype ? convert_to_dtype(w, value, *dtype) : value;
  std::optional<Display> display = examine(w, value);
  if (!display) return {};
  if (!dtype) dtype = display->dtype.value_or(DType::kF64);
  Value array = allocate(w, *dtype, display->extents);
  std::vector<Value> indices;
  fill_from(w, array, indices, value);
  return array;
}

Value call_copy(Writer& w, ArrayFunction function, const BoundArguments& arguments) {
  Value x = arguments[0];
  if (!x) return {};
  if (function == ArrayFunction::kAstype && is_numeric(w, x)) return astype(w, x, arguments);
  if (Value ndmin = arguments["ndmin"]; ndmin && w.constant_integer(ndmin) != 0)
    return w.error(MessageId::kUnsupportedConstruct, {"ndmin= of np.array()"});
  std::optional<DType> dtype;
  if (Value given = arguments["dtype"]; given && !w.is_none(given)) {
    dtype = required_dtype(w, given);
    if (!dtype) return {};
  }
  if (!w.is_array(x)) {
    Value array = to_array(w, x, dtype);
    return function == ArrayFunction::kAscontiguousarray ? with_an_axis(w, array) : array;
  }
  Layout like = function == ArrayFunction::kAscontiguousarray ? Layout::kC : w.type(x).layout;
  std::optional<Layout> layout = order_argument(w, arguments["order"], like);
  if (!layout) return {};
  DType result = dtype.value_or(w.type(x).dtype);
  switch (function) {
    case ArrayFunction::kFlatten:
      return flatten(w, copy_array(w, x, *layout));
    case ArrayFunction::kCopy:
      return copy_array(w, x, *layout);
    case ArrayFunction::kAscontiguousarray:
      return with_an_axis(w, convert_or_copy(w, x, result, Layout::kC, w.type(x).layout != Layout::kC));
    default: {
      bool in_order =
          w.is_none(arguments["order"]) || string_argument(w, arguments["order"]) == "K" || w.type(x).layout == *layout;
      return convert_or_copy(w, x, result, *layout, !keeps_array(w, function, arguments) || !in_order);
    }
  }
}

}  // namespace metate::infer
