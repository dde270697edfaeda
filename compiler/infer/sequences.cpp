#include "compiler/infer/sequences.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/creation.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/operators.h"
#include "compiler/infer/python_numbers.h"
#include "compiler/infer/store.h"
#include "compiler/infer/ufunc.h"

namespace metate::infer {
namespace {

bool is_real_number(Writer& w, Value value) {
  return value && w.is_scalar(value) && !types::is_complex(w.type(value).dtype);
}

/// len = ceil((stop - start) / step), in Python's numbers as NumPy has it.
Value float_count(Writer& w, Value start, Value stop, Value step) {
  TypeId type = w.types().weak_float();
  Value distance = w.op(ScalarOp::kSubtract, {w.cast(stop, type), w.cast(start, type)}, type);
  Value steps = apply_python(w, "operator.truediv", {distance, w.cast(step, type)});
  return index::maximum(w, apply_python(w, "math.ceil", {steps}), w.integer(0));
}

/// The dtype of linspace for a bound: that of bound * 1.0.
DType inexact_dtype(Writer& w, Value value) {
  DType dtype = w.type(value).dtype;
  return types::is_float(dtype) || types::is_complex(dtype) ? dtype : DType::kF64;
}

}  // namespace

Value arange(Writer& w, const BoundArguments& arguments) {
  Value start = arguments[0], stop = arguments["stop"], step = arguments["step"];
  if (w.is_none(stop)) {
    stop = start;
    start = w.integer(0);
  }
  DType common = DType::kI64;
  for (Value bound : {start, stop, step}) {
    if (!is_real_number(w, bound))
      return w.error(MessageId::kArgumentType, {"np.arange()", "bound", w.describe(bound)});
    common = types::promote(common, w.type(bound).dtype);
  }
  std::optional<DType> dtype = dtype_or(w, arguments["dtype"], common);
  if (!dtype) return {};
  Value count;
  if (types::is_integer(common)) {
    start = to_weak_int(w, start);
    step = to_weak_int(w, step);
    w.check(w.cast(step, w.types().weak_bool()), "ZeroDivisionError", "division by zero");
    count = index::range_count(w, start, to_weak_int(w, stop), step);
  } else {
    count = float_count(w, start, stop, step);
  }
  // NumPy sets the first two elements and goes on by their difference.
  TypeId type = w.types().scalar(*dtype);
  Value first = convert_for_store(w, start, *dtype);
  Value second = convert_for_store(w, binary(w, ir::PyOperator::kAdd, start, step), *dtype);
  Value difference = second && first ? w.op(ScalarOp::kSubtract, {second, first}, type) : Value();
  return w.emit(ir::Opcode::kArrayFunction, static_cast<uint32_t>(ops::ArrayFunction::kArange),
                {count, first, difference}, w.types().array(*dtype, 1, types::Layout::kC));
}

Value linspace(Writer& w, const BoundArguments& arguments) {
  Value start = arguments["start"], stop = arguments["stop"], num = arguments["num"];
  for (Value bound : {start, stop})
    if (!bound || !w.is_scalar(bound))
      return w.error(MessageId::kArgumentType, {"np.linspace()", "bound", w.describe(bound)});
  if (!w.is_integer(num)) return w.error(MessageId::kArgumentType, {"np.linspace()", "num", w.describe(num)});
  std::optional<bool> endpoint = flag_argument(w, "endpoint", arguments["endpoint"]);
  std::optional<bool> returns_step = flag_argument(w, "retstep", arguments["retstep"]);
  DType computed = types::promote(inexact_dtype(w, start), inexact_dtype(w, stop));
  std::optional<DType> dtype = dtype_or(w, arguments["dtype"], computed);
  if (!endpoint || !returns_step || !dtype) return {};
  if (*returns_step) return w.error(MessageId::kUnsupportedConstruct, {"retstep= of np.linspace()"});

  num = to_weak_int(w, num);
  w.check(w.op(ScalarOp::kLessEqual, {w.integer(0), num}, w.types().weak_bool()), "ValueError",
          "Number of samples, {}, must be non-negative.", {num});
  start = w.cast(start, w.types().scalar(computed));
  stop = w.cast(stop, w.types().scalar(computed));
  Value intervals = *endpoint ? index::subtract(w, num, w.integer(1)) : num;
  Value divisor = index::maximum(w, intervals, w.integer(1));  // of one sample only the start counts
  Value step =
      apply_ufunc(w, ScalarOp::kDivide,
                  {apply_ufunc(w, ScalarOp::kSubtract, {stop, start}), w.cast(divisor, w.types().scalar(computed))});
  Value k = counting(w, num);
  Value samples = apply_ufunc(w, ScalarOp::kMultiply, {convert_to_dtype(w, k, computed), step});
  samples = apply_ufunc(w, ScalarOp::kAdd, {samples, start});
  if (*endpoint) {
    // The last sample is the stop itself, unless it is the first.
    Value last = index::select(w, index::less(w, w.integer(1), num), intervals, w.integer(-1));
    samples = apply_ufunc(w, ScalarOp::kSelect, {apply_ufunc(w, ScalarOp::kEqual, {k, last}), stop, samples});
  }
  if (types::is_integer(*dtype)) samples = apply_ufunc(w, ScalarOp::kFloor, {samples});
  return convert_to_dtype(w, samples, *dtype);
}

}  // namespace metate::infer
