#include "compiler/infer/store.h"

#include "compiler/infer/convert.h"
#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/python_numbers.h"

namespace metate::infer {

Value convert_for_store(Writer& w, Value value, DType dtype) {
  if (!value) return {};
  const Type& type = w.type(value);
  if (type.kind == TypeKind::kArray && type.ndim == 0) return convert_for_store(w, w.builder().load(value, {}), dtype);
  if (type.kind == TypeKind::kArray) return convert_to_dtype(w, value, dtype);
  bool storable = type.kind == TypeKind::kScalar;
  if (storable && type.weak && types::is_complex(type.dtype) && !types::is_complex(dtype)) storable = false;
  if (!storable)
    return w.error(MessageId::kCannotStore,
                   {w.describe(value), "an array of dtype " + std::string(types::numpy_name(dtype))});
  if (type.weak && types::is_float(type.dtype) && types::is_integer(dtype))
    return w.cast(apply_python(w, "builtins.int", {value}), w.types().scalar(dtype));
  return convert_to_dtype(w, value, dtype);
}

namespace {

/// Whether an array is a constant or a view of one.
bool is_frozen(Writer& w, Value array) {
  while (w.is_array(array)) {
    if (w.constant(array)) return true;
    ir::Inst inst = w.function().defining_inst(array);
    if (!inst || w.function().operands(inst).empty()) return false;
    array = w.function().operands(inst)[0];
  }
  return false;
}

}  // namespace

bool require_writable(Writer& w, Value array) {
  if (w.type(array).writable) return true;
  w.error(is_frozen(w, array) ? MessageId::kFrozenArray : MessageId::kReadOnly, {});
  return false;
}

void assign(Writer& w, Value array, Value value) {
  if (!array || !require_writable(w, array)) return;
  Value converted = convert_for_store(w, value, w.type(array).dtype);
  if (converted) w.builder().emit(ir::Opcode::kAssign, 0, std::array{array, converted}, {});
}

Value store_result(Writer& w, Value out, Value result, const ResultWords& words) {
  if (!out || w.is_none(out) || !result) return result;
  int ndim = w.is_array(result) ? w.type(result).ndim : 0;
  if (!w.is_array(out) || w.type(out).ndim != ndim)
    return w.error(MessageId::kArgumentType, {words.function, "out", w.describe(out)});
  DType from = w.type(result).dtype, to = w.type(out).dtype;
  if (!types::can_cast(from, to, types::Casting::kSameKind))
    return w.error(MessageId::kCastNotSafe, {std::string(types::numpy_name(from)), std::string(types::numpy_name(to))});
  for (size_t axis = 0; axis < w.type(out).ndim; ++axis)
    w.check(index::equal(w, w.dim(out, axis), w.dim(result, axis)), "ValueError", words.wrong_shape);
  assign(w, out, result);
  return out;
}

}  // namespace metate::infer
