#include "compiler/infer/convert.h"

#include <limits>

#include "compiler/infer/c_pointer.h"
#include "compiler/types/c_pointer.h"

namespace metate::infer {

Limits limits(DType dtype) {
  int bits = 8 * types::size(dtype);
  if (types::is_signed(dtype)) {
    int64_t high = std::numeric_limits<int64_t>::max() >> (64 - bits);
    return {-high - 1, high};
  }
  return {0, bits == 64 ? std::numeric_limits<int64_t>::max() : (int64_t{1} << bits) - 1};
}

namespace {

Value python_int_to(Writer& w, Value value, DType dtype) {
  TypeId type = w.types().scalar(dtype);
  if (types::is_integer(dtype)) {
    Limits range = limits(dtype);
    std::string text = "Python integer {} out of bounds for " + std::string(types::numpy_name(dtype));
    TypeId truth = w.types().weak_bool();
    if (range.low > std::numeric_limits<int64_t>::min())
      w.check(w.op(ScalarOp::kLessEqual, {w.integer(range.low), value}, truth), "OverflowError", text, {value});
    if (range.high < std::numeric_limits<int64_t>::max())
      w.check(w.op(ScalarOp::kLessEqual, {value, w.integer(range.high)}, truth), "OverflowError", text, {value});
    return w.cast(value, type);
  }
  // NumPy goes by way of a Python float, so an int is rounded to float64 first.
  return w.cast(w.cast(value, w.types().weak_float()), type);
}

/// Of integer dtypes uint64 alone holds it.
void refuse_large_int(Writer& w, Value value, DType dtype) {
  if (!w.is_constant(value, types::ConstantKind::kLargeInt) || dtype == DType::kU64) return;
  std::string text = "Python integer {} out of bounds for " + std::string(types::numpy_name(dtype));
  w.check(w.boolean(false), "OverflowError", text, {value});
}

Value large_int_to(Writer& w, Value value, DType dtype) {
  TypeId type = w.types().scalar(dtype);
  if (!types::is_integer(dtype)) return w.cast(w.cast(value, w.types().weak_float()), type);
  refuse_large_int(w, value, dtype);
  return w.cast(value, type);
}

Value convert_array(Writer& w, Value value, TypeId type) {
  METATE_ASSERT(w.type(value).dtype == w.types()[type].dtype);
  if (is_c_pointer(w.types()[type])) return address_of(w, value);
  return w.emit(ir::Opcode::kWiden, 0, {value}, type);
}

}  // namespace

Value convert_to_dtype(Writer& w, Value value, DType dtype) {
  if (!value) return {};
  const Type& type = w.type(value);
  if (type.kind == TypeKind::kArray) {
    if (type.dtype == dtype) return value;
    types::Layout layout = type.layout == types::Layout::kF ? types::Layout::kF : types::Layout::kC;
    return w.cast(value, w.types().array(dtype, type.ndim, layout));
  }
  if (type.weak && type.dtype == DType::kI64) return python_int_to(w, value, dtype);
  if (w.is_constant(value, types::ConstantKind::kLargeInt)) return large_int_to(w, value, dtype);
  return w.cast(value, w.types().scalar(dtype));
}

bool fits(int64_t value, DType dtype) { return limits(dtype).low <= value && value <= limits(dtype).high; }

Value to_weak_int(Writer& w, Value value) {
  if (!value) return {};
  METATE_ASSERT(w.is_integer(value));
  refuse_large_int(w, value, DType::kI64);
  return w.cast(value, w.types().weak_int());
}

Value convert(Writer& w, Value value, TypeId type_id) {
  if (!value || w.type_id(value) == type_id) return value;
  const Type& type = w.types()[type_id];
  switch (type.kind) {
    case TypeKind::kScalar:
      return type.weak ? w.cast(value, type_id) : convert_to_dtype(w, value, type.dtype);
    case TypeKind::kArray:
      return convert_array(w, value, type_id);
    case TypeKind::kTuple:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure: {
      std::vector<Value> elements;
      for (size_t i = 0; i < type.elements.size(); ++i)
        elements.push_back(convert(w, w.element(value, i), type.elements[i]));
      return w.structure(type_id, elements);
    }
    case TypeKind::kUnknown:
    case TypeKind::kConstant:
    case TypeKind::kKernelObject:
      break;
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::infer
