#include "compiler/infer/elementwise_call.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/copies.h"
#include "compiler/infer/dtypes.h"
#include "compiler/infer/nonzero.h"
#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

/// Options of ufuncs that change nothing when left alone, and that nothing here can do otherwise.
bool has_plain_options(Writer& w, std::string_view function, const BoundArguments& arguments) {
  if (arguments.has("where") && w.constant_integer(arguments["where"]) != 1) {
    w.error(MessageId::kUnsupportedConstruct, {"where= of " + std::string(function) + "()"});
    return false;
  }
  if (arguments.has("casting") && string_argument(w, arguments["casting"]) != "same_kind") {
    w.error(MessageId::kUnsupportedConstruct, {"casting= of " + std::string(function) + "()"});
    return false;
  }
  return true;
}

/// np.clip with a bound that is None is np.minimum or np.maximum; with two numbers it decides ties in its own way.
std::optional<ScalarOp> choose_clip(Writer& w, ScalarOp op, std::vector<Value>& operands) {
  if (op != ScalarOp::kClip) return op;
  bool low = !w.is_none(operands[1]), high = !w.is_none(operands[2]);
  if (low && high) return w.is_scalar(operands[1]) && w.is_scalar(operands[2]) ? ScalarOp::kClipBetween : op;
  if (!low && !high) {
    operands.resize(1);
    return ScalarOp::kPositive;
  }
  operands.erase(operands.begin() + (low ? 2 : 1));
  return low ? ScalarOp::kMaximum : ScalarOp::kMinimum;
}

/// np.clip takes its first operand for an array, so Python's numbers among it are int64 or float64; and a Python int as
/// bound may lie beyond the limits of an integer dtype, on the side where it then bounds nothing.
void prepare_clip(Writer& w, std::vector<Value>& operands) {
  if (w.is_scalar(operands[0]) && w.type(operands[0]).weak)
    operands[0] = convert_to_dtype(w, operands[0], w.type(operands[0]).dtype);
  DType dtype = is_numeric(w, operands[0]) ? w.type(operands[0]).dtype : DType::kF64;
  if (!types::is_integer(dtype)) return;
  auto limit = [&](Value& bound, ScalarOp op, int64_t value) {
    if (!w.is_scalar(bound) || !w.type(bound).weak || !types::is_integer(w.type(bound).dtype)) return;
    bound = w.op(op, {bound, w.integer(value)}, w.types().weak_int());
  };
  limit(operands[1], ScalarOp::kMaximum, limits(dtype).low);
  limit(operands[2], ScalarOp::kMinimum, limits(dtype).high);
}

}  // namespace

Value call_elementwise(Writer& w, const ops::NumpyFunction& function, const BoundArguments& arguments) {
  if (!has_plain_options(w, function.name, arguments)) return {};
  auto arity = static_cast<size_t>(ops::arity(function.op));
  std::vector<Value> operands(arguments.values().begin(), arguments.values().begin() + static_cast<ptrdiff_t>(arity));
  for (Value& operand : operands)
    if (is_sequence(w, operand)) operand = to_array(w, operand, std::nullopt);
  if (function.op == ScalarOp::kClip) prepare_clip(w, operands);
  std::optional<ScalarOp> op = choose_clip(w, function.op, operands);

  if (arguments.has("dtype") && !w.is_none(arguments["dtype"])) {
    std::optional<DType> dtype = required_dtype(w, arguments["dtype"]);
    if (!dtype) return {};
    for (Value& operand : operands) operand = convert_to_dtype(w, operand, *dtype);
  }
  Value out = arguments["out"];
  if (out && w.type(out).kind == TypeKind::kTuple && w.type(out).elements.size() == 1) out = w.element(out, 0);
  if (out && !w.is_none(out)) {
    if (function.second)
      return w.error(MessageId::kUnsupportedConstruct, {"out= of " + std::string(function.name) + "()"});
    return apply_ufunc_out(w, *op, operands, out);
  }
  Value first = apply_ufunc(w, *op, operands);
  if (!function.second) return first;
  Value second = apply_ufunc(w, *function.second, operands);
  return first && second ? w.tuple(std::array{first, second}) : Value();
}

Value where(Writer& w, const BoundArguments& arguments) {
  Value x = arguments["x"], y = arguments["y"];
  if (w.is_none(x) && w.is_none(y)) return call_nonzero(w, ops::ArrayFunction::kNonzero, arguments);
  if (w.is_none(x) || w.is_none(y)) return w.error(MessageId::kUnsupportedConstruct, {"np.where() with two arguments"});
  return apply_ufunc(w, ScalarOp::kSelect, {arguments["condition"], x, y});
}

}  // namespace metate::infer
