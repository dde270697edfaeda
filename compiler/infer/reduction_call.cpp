#include "compiler/infer/reduction_call.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/copies.h"
#include "compiler/infer/store.h"
#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

/// A number is an array with one element.
Value reduce_number(Writer& w, ops::ReductionId reduction, Value number) {
  const ops::ReductionInfo& row = ops::info(reduction);
  if (row.kind == ops::ReductionKind::kPosition) return w.cast(w.integer(0), w.types().scalar(DType::kI64));
  if (row.map == ScalarOp::kTruth) number = w.cast(number, w.types().scalar(DType::kBool));
  return convert_to_dtype(w, number, ops::result_dtype(reduction, w.type(number).dtype));
}

Value emit_reduction(Writer& w, ops::ReductionId reduction, Value array, std::vector<uint8_t> axes, bool keepdims,
                     Value initial) {
  const Type& type = w.type(array);
  bool all = axes.size() == type.ndim;
  auto ndim = static_cast<int>(keepdims ? type.ndim : type.ndim - axes.size());
  DType dtype = ops::result_dtype(reduction, type.dtype);
  TypeId result = ndim == 0 ? w.types().scalar(dtype) : w.types().array(dtype, ndim, types::Layout::kC);
  if (all) axes.clear();
  uint32_t index = ir::Function::add_to(w.function().reductions,
                                        ir::Reduction{static_cast<uint16_t>(reduction), std::move(axes), keepdims});
  std::vector<Value> operands{array};
  if (initial) operands.push_back(initial);
  return w.emit(ir::Opcode::kReduce, index, operands, result);
}

}  // namespace

Value reduce_all(Writer& w, ops::ReductionId reduction, Value array) {
  if (!array) return {};
  if (w.is_scalar(array)) return reduce_number(w, reduction, array);
  std::vector<uint8_t> axes;
  for (uint8_t axis = 0; axis < w.type(array).ndim; ++axis) axes.push_back(axis);
  return emit_reduction(w, reduction, array, std::move(axes), false, {});
}

Value call_reduction(Writer& w, ops::ReductionId reduction, const BoundArguments& arguments) {
  std::string name = "np." + std::string(ops::name(reduction)) + "()";
  Value array = is_sequence(w, arguments[0]) ? to_array(w, arguments[0], std::nullopt) : arguments[0];
  if (!array) return {};
  if (!is_numeric(w, array)) return w.error(MessageId::kArgumentType, {name, "a", w.describe(array)});
  if (arguments.has("where") && w.constant_integer(arguments["where"]) != 1)
    return w.error(MessageId::kUnsupportedConstruct, {"where= of " + name});

  if (Value given = arguments["dtype"]; given && !w.is_none(given)) {
    std::optional<DType> dtype = required_dtype(w, given);
    if (!dtype) return {};
    array = convert_to_dtype(w, array, *dtype);
  }
  std::optional<std::vector<uint8_t>> axes =
      axes_argument(w, arguments["axis"], w.is_array(array) ? w.type(array).ndim : 0);
  std::optional<bool> keepdims = flag_argument(w, "keepdims", arguments["keepdims"]);
  if (!axes || !keepdims) return {};
  if (axes->empty() && w.is_array(array) && w.type(array).ndim > 0)
    return w.error(MessageId::kUnsupportedConstruct, {"axis=() of " + name});
  if (ops::info(reduction).kind == ops::ReductionKind::kPosition && axes->size() > 1 && !w.is_none(arguments["axis"]))
    return w.error(MessageId::kArgumentType, {name, "axis", "a tuple"});

  Value initial = arguments["initial"];
  if (initial && w.is_none(initial)) initial = {};
  if (initial) initial = convert_for_store(w, initial, ops::accumulator_dtype(reduction, w.type(array).dtype));
  Value result;
  if (w.is_scalar(array)) {
    if (initial) return w.error(MessageId::kUnsupportedConstruct, {"initial= of " + name + " of a number"});
    result = reduce_number(w, reduction, array);
  } else {
    result = emit_reduction(w, reduction, array, *axes, *keepdims, initial);
  }
  Value out = arguments["out"];
  if (!out || w.is_none(out) || !result) return result;
  if (!w.is_array(out)) return w.error(MessageId::kArgumentType, {name, "out", w.describe(out)});
  assign(w, out, result);
  return out;
}

}  // namespace metate::infer
