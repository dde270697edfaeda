#include "compiler/infer/store.h"

#include "compiler/infer/convert.h"

namespace metate::infer {
namespace {

/// int(x) of a Python float, as an int64.
Value truncate(Writer& w, Value value) {
  TypeId truth = w.types().weak_bool();
  w.check(w.op(ScalarOp::kIsNotNan, {value}, truth), "ValueError", "cannot convert float NaN to integer");
  w.check(w.op(ScalarOp::kIsNotInfinite, {value}, truth), "OverflowError", "cannot convert float infinity to integer");
  w.check(w.op(ScalarOp::kRoundsToInt64, {value}, truth), "OverflowError", "Python int too large to convert to C long");
  return w.op(ScalarOp::kTruncToInt, {value}, w.types().weak_int());
}

}  // namespace

Value convert_for_store(Writer& w, Value value, DType dtype) {
  if (!value) return {};
  const Type& type = w.type(value);
  if (type.kind == TypeKind::kArray && type.ndim == 0) return convert_for_store(w, w.builder().load(value, {}), dtype);
  if (type.kind == TypeKind::kArray) return convert_to_dtype(w, value, dtype);
  bool storable = type.kind == TypeKind::kScalar;
  if (storable && type.weak && types::is_complex(type.dtype) && !types::is_complex(dtype)) storable = false;
  if (!storable)
    return w.error(MessageId::kCannotStore, {w.describe(value), "np." + std::string(types::numpy_name(dtype))});
  if (type.weak && types::is_float(type.dtype) && types::is_integer(dtype))
    return w.cast(truncate(w, value), w.types().scalar(dtype));
  return convert_to_dtype(w, value, dtype);
}

void assign(Writer& w, Value array, Value value) {
  if (!array) return;
  Value converted = convert_for_store(w, value, w.type(array).dtype);
  if (converted) w.builder().emit(ir::Opcode::kAssign, 0, std::array{array, converted}, {});
}

}  // namespace metate::infer
