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

/// Without a dtype= it is the one of out=.
bool computes_in_result_dtype(ops::ReductionId reduction) {
  const ops::ReductionInfo& row = ops::info(reduction);
  return row.kind == ops::ReductionKind::kFold && row.map != ScalarOp::kTruth;
}

struct Operand {
  Value array;
  std::optional<DType> result;  // where it is not the one that the reduction gives
};

/// The array in the dtype of dtype=, or of out= where that is no lower kind.
std::optional<Operand> converted_operand(Writer& w, ops::ReductionId reduction, Value array,
                                         const BoundArguments& arguments) {
  Value given = arguments["dtype"], out = arguments["out"];
  if (given && !w.is_none(given)) {
    std::optional<DType> dtype = required_dtype(w, given);
    if (!dtype) return std::nullopt;
    return Operand{convert_to_dtype(w, array, *dtype), dtype};
  }
  if (!out || !w.is_array(out) || !computes_in_result_dtype(reduction)) return Operand{array, {}};
  DType dtype = w.type(out).dtype;
  bool computes_in_it = types::can_cast(w.type(array).dtype, dtype, types::Casting::kSameKind);
  return Operand{computes_in_it ? convert_to_dtype(w, array, dtype) : array, dtype};
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

  std::optional<Operand> operand = converted_operand(w, reduction, array, arguments);
  if (!operand) return {};
  array = operand->array;
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
  // Sums of narrow integers are made of wide ones, which gives the same bits.
  if (operand->result && result) result = convert_to_dtype(w, result, *operand->result);
  return store_result(w, arguments["out"], result,
                      {.function = name,
                       .wrong_shape = "output array does not match result of np." + std::string(ops::name(reduction))});
}

}  // namespace metate::infer
