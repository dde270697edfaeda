#include "compiler/infer/attributes.h"

#include "compiler/infer/index_arithmetic.h"
#include "compiler/infer/kernel_functions.h"
#include "compiler/infer/methods.h"
#include "compiler/infer/named_tuple.h"
#include "compiler/infer/view.h"

namespace metate::infer {
namespace {

Value strides_tuple(Writer& w, Value array) {
  std::vector<Value> strides;
  for (uint32_t axis = 0; axis < w.type(array).ndim; ++axis)
    strides.push_back(w.emit(ir::Opcode::kStride, axis, {array}, w.types().weak_int()));
  return w.tuple(strides);
}

Value reversed_axes(Writer& w, Value array) {
  std::vector<uint8_t> axes;
  for (size_t axis = w.type(array).ndim; axis-- > 0;) axes.push_back(static_cast<uint8_t>(axis));
  return transpose(w, array, axes);
}

Value complex_part(Writer& w, Value array, uint32_t part) {
  const Type& type = w.type(array);
  TypeId view =
      w.types().array(types::real_part(type.dtype), type.ndim, types::Layout::kAny, type.writable, type.space);
  return w.emit(ir::Opcode::kReal, part, {array}, view);
}

using Getter = Value (*)(Writer&, Value);
struct Attribute {
  std::string_view name;
  Getter get;
};

Value item_size(Writer& w, Value x) { return w.integer(types::size(w.type(x).dtype)); }
Value dtype(Writer& w, Value x) { return w.constant(w.universe().constants.dtype(w.type(x).dtype)); }

constexpr Attribute kArrayAttributes[] = {
    {"ctypes", [](Writer&, Value x) { return x; }},  // what C functions take
    {"shape", shape_tuple},
    {"size", array_size},
    {"ndim", [](Writer& w, Value x) { return w.integer(w.type(x).ndim); }},
    {"dtype", dtype},
    {"itemsize", item_size},
    {"nbytes", [](Writer& w, Value x) { return index::multiply(w, array_size(w, x), item_size(w, x)); }},
    {"strides", strides_tuple},
    {"T", reversed_axes},
    {"real", [](Writer& w, Value x) { return types::is_complex(w.type(x).dtype) ? complex_part(w, x, 0) : x; }},
    {"flat",
     [](Writer& w, Value x) { return w.structure(w.types().view(types::View::kFlat, {w.type_id(x)}), std::array{x}); }},
};

constexpr Attribute kComplexArrayAttributes[] = {
    {"imag", [](Writer& w, Value x) { return complex_part(w, x, 1); }},
};

Value real_part(Writer& w, Value x) {
  const Type& type = w.type(x);
  if (type.weak && type.dtype == DType::kBool) return w.cast(x, w.types().weak_int());
  if (!types::is_complex(type.dtype)) return x;
  DType part = types::real_part(type.dtype);
  return w.op(ScalarOp::kReal, {x}, type.weak ? w.types().weak(part) : w.types().scalar(part));
}

Value imaginary_part(Writer& w, Value x) {
  const Type& type = w.type(x);
  if (type.weak && type.dtype == DType::kBool) return w.integer(0);
  if (!types::is_complex(type.dtype)) return w.cast(w.integer(0), w.type_id(x));
  DType part = types::real_part(type.dtype);
  return w.op(ScalarOp::kImag, {x}, type.weak ? w.types().weak(part) : w.types().scalar(part));
}

constexpr Attribute kNumberAttributes[] = {
    {"real", real_part},
    {"imag", imaginary_part},
};

constexpr Attribute kNumpyScalarAttributes[] = {
    {"dtype", dtype},
    {"ndim", [](Writer& w, Value) { return w.integer(0); }},
    {"shape", [](Writer& w, Value) { return w.tuple({}); }},
    {"size", [](Writer& w, Value) { return w.integer(1); }},
    {"itemsize", item_size},
    {"nbytes", item_size},
    {"T", [](Writer&, Value x) { return x; }},
};

Getter find(std::span<const Attribute> table, std::string_view name) {
  for (const Attribute& attribute : table)
    if (attribute.name == name) return attribute.get;
  return nullptr;
}

/// A dtype stands for its class of numbers as well: `x.dtype.type(1)` is `x.dtype(1)`.
constexpr Attribute kDtypeAttributes[] = {
    {"type", [](Writer&, Value x) { return x; }},
    {"itemsize",
     [](Writer& w, Value x) { return w.integer(types::size(w.universe().constants[w.type(x).constant].dtype)); }},
};

Getter find_attribute(Writer& w, Value object, std::string_view name) {
  const Type& type = w.type(object);
  if (type.kind == TypeKind::kConstant) {
    const bool is_dtype = w.universe().constants[type.constant].kind == types::ConstantKind::kDType;
    return is_dtype ? find(kDtypeAttributes, name) : nullptr;
  }
  if (type.kind == TypeKind::kArray) {
    if (Getter get = find(kArrayAttributes, name)) return get;
    return types::is_complex(type.dtype) ? find(kComplexArrayAttributes, name) : nullptr;
  }
  if (type.kind != TypeKind::kScalar) return nullptr;
  if (Getter get = find(kNumberAttributes, name)) return get;
  return type.weak ? nullptr : find(kNumpyScalarAttributes, name);
}

}  // namespace

Value array_size(Writer& w, Value array) {
  Value size = w.integer(1);
  for (size_t axis = 0; axis < w.type(array).ndim; ++axis) size = index::multiply(w, size, w.dim(array, axis));
  return size;
}

Value shape_tuple(Writer& w, Value array) {
  std::vector<Value> shape;
  for (size_t axis = 0; axis < w.type(array).ndim; ++axis) shape.push_back(w.dim(array, axis));
  return w.tuple(shape);
}

Value bound_method(Writer& w, std::string_view function, Value object) {
  ConstantId entity = w.universe().constants.entity(w.universe().symbols.intern(function));
  return w.structure(w.types().closure(entity, {w.type_id(object)}), std::array{object});
}

Value get_attribute(Writer& w, Value object, support::Symbol symbol) {
  std::string name(w.universe().symbols.name(symbol));
  if (Getter get = find_attribute(w, object, name)) return get(w, object);
  if (std::optional<Value> value = find_kernel_attribute(w, object, name)) return *value;
  if (std::optional<Value> value = find_field(w, object, name)) return *value;
  if (std::optional<std::string> function = find_method(w, object, name)) return bound_method(w, *function, object);
  return w.error(MessageId::kNoAttribute, {w.describe(object), name});
}

}  // namespace metate::infer
