#include "compiler/infer/foreign_call.h"

#include <algorithm>

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/convert.h"
#include "compiler/infer/dtypes.h"

namespace metate::infer {
namespace {

using types::Constant;
using types::ConstantKind;

bool is_pointer(const Constant& type) { return type.kind == ConstantKind::kTuple; }

/// The value as C takes it, or an invalid one for what it cannot be.
Value argument(Writer& w, const Constant& type, Value value) {
  if (is_pointer(type)) {
    if (w.is_none(value)) return value;
    if (w.is_integer(value)) return to_weak_int(w, value);
    if (!w.is_array(value)) return {};
    const Type& array = w.type(value);
    bool any = type.elements.empty();
    bool contiguous = array.layout != types::Layout::kAny;
    return contiguous && (any || w.universe().constants[type.elements[0]].dtype == array.dtype) ? value : Value();
  }
  if (!w.is_scalar(value)) return {};
  DType given = w.type(value).dtype;
  bool integer = types::is_integer(type.dtype) && w.is_integer(value);
  if (!integer && kind(given) > kind(type.dtype)) return {};
  return convert_to_dtype(w, value, type.dtype);
}

/// ctypes gives Python numbers whatever the C type is.
Value as_python(Writer& w, Value value) {
  switch (types::kind(w.type(value).dtype)) {
    case types::Kind::kBool:
      return w.cast(value, w.types().weak_bool());
    case types::Kind::kUnsigned:
    case types::Kind::kSigned:
      return w.cast(value, w.types().weak_int());
    case types::Kind::kFloat:
      return w.cast(value, w.types().weak_float());
    case types::Kind::kComplex:
      return w.cast(value, w.types().weak_complex());
  }
  METATE_UNREACHABLE();
}

Value array_at(Writer& w, std::span<const Value> arguments, types::Layout layout) {
  std::string name = layout == types::Layout::kC ? "carray()" : "farray()";
  Value pointer = arguments[0];
  if (!pointer) return {};
  bool is_typed = w.is_array(pointer) && w.type(pointer).ndim == 0;
  if (!is_typed) return w.error(MessageId::kArgumentType, {name, "ptr", w.describe(pointer)});
  std::optional<std::vector<Value>> extents = shape_argument(w, arguments[1]);
  std::optional<DType> dtype = dtype_or(w, arguments[2], w.type(pointer).dtype);
  if (!extents || !dtype) return {};
  if (*dtype != w.type(pointer).dtype)
    return w.error(MessageId::kArgumentType, {name, "dtype", "another than that of the pointer"});
  bool reversed = layout == types::Layout::kF;
  if (reversed) std::ranges::reverse(*extents);
  auto ndim = static_cast<int>(extents->size());
  std::vector<Value> operands{pointer};
  operands.insert(operands.end(), extents->begin(), extents->end());
  Value array = w.emit(ir::Opcode::kReshape, 0, operands, w.types().array(*dtype, ndim, types::Layout::kC));
  if (!reversed || ndim < 2) return array;
  std::vector<uint8_t> axes;
  for (int axis = ndim; axis-- > 0;) axes.push_back(static_cast<uint8_t>(axis));
  uint32_t index = ir::Function::add_to(w.function().axes, std::move(axes));
  return w.emit(ir::Opcode::kTranspose, index, {array}, w.types().array(*dtype, ndim, types::Layout::kF));
}

constexpr NamedFunction kFunctions[] = {
    {"metate.carray", "ptr, shape, dtype=None",
     [](Writer& w, std::span<const Value> arguments) { return array_at(w, arguments, types::Layout::kC); }},
    {"metate.farray", "ptr, shape, dtype=None",
     [](Writer& w, std::span<const Value> arguments) { return array_at(w, arguments, types::Layout::kF); }},
};

}  // namespace

std::span<const NamedFunction> foreign_functions() { return kFunctions; }

Value call_foreign(Writer& w, ConstantId id, const Arguments& arguments) {
  const Constant function = w.universe().constants[id];
  const std::vector<ConstantId> signature = w.universe().constants[function.elements[0]].elements;
  std::string name = std::string(w.universe().symbols.name(function.symbol)) + "()";
  if (w.options().kernel) return w.error(MessageId::kNotInKernel, {name});
  size_t count = signature.size() - 1;
  if (!arguments.keywords.empty() || arguments.positional.size() != count)
    return w.error(MessageId::kWrongArguments,
                   {name, "takes " + std::to_string(count) + " positional arguments, as its argtypes say"});
  std::vector<Value> operands{w.integer(function.integer)};
  for (size_t i = 0; i < count; ++i) {
    Value given = arguments.positional[i];
    if (!given) return {};
    operands.push_back(argument(w, w.universe().constants[signature[i + 1]], given));
    if (!operands.back())
      return w.failure() ? Value()
                         : w.error(MessageId::kArgumentType, {name, std::to_string(i + 1), w.describe(given)});
  }
  const Constant result = w.universe().constants[signature[0]];
  if (result.kind == ConstantKind::kNone) {
    w.builder().emit(ir::Opcode::kCallForeign, 0, operands, {});
    return w.none();
  }
  TypeId type = is_pointer(result) ? w.types().weak_int() : w.types().scalar(result.dtype);
  Value value = w.emit(ir::Opcode::kCallForeign, 0, operands, type);
  return value ? as_python(w, value) : Value();
}

}  // namespace metate::infer
