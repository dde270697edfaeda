#include "compiler/infer/kernel_memory.h"

#include "compiler/infer/array_arguments.h"
#include "compiler/infer/store.h"

namespace metate::infer {
namespace {

using types::MemorySpace;

/// More than any device has for a work-group or work-item.
constexpr int64_t kMostBytes = int64_t{1} << 28;

/// The extents, all known when the kernel is compiled, and their product.
struct FixedShape {
  std::vector<Value> extents;
  int64_t count = 1;
};

std::optional<FixedShape> fixed_shape(Writer& w, const std::string& function, Value value, int64_t item_size) {
  std::optional<std::vector<Value>> given = integers_argument(w, value);
  if (!given) return std::nullopt;
  FixedShape shape;
  for (Value extent : *given) {
    std::optional<int64_t> known = w.constant_integer(extent);
    if (!known) {
      w.error(MessageId::kNeedsConstant, {"the shape of " + function});
      return std::nullopt;
    }
    if (*known < 1 || *known > kMostBytes / item_size / shape.count) {
      w.error(MessageId::kArgumentType, {function, "shape", *known < 1 ? "empty" : "that large"});
      return std::nullopt;
    }
    shape.count *= *known;
    shape.extents.push_back(w.integer(*known));
  }
  return shape;
}

Value make_array(Writer& w, const std::string& function, MemorySpace space, Value shape, Value dtype) {
  if (!shape || !dtype) return {};
  if (!w.options().kernel) return w.error(MessageId::kOnlyInKernel, {function});
  std::optional<DType> element = required_dtype(w, dtype);
  if (!element) return {};
  std::optional<FixedShape> fixed = fixed_shape(w, function, shape, types::size(*element));
  if (!fixed) return {};
  TypeId type = w.types().array(*element, static_cast<int>(fixed->extents.size()), types::Layout::kC, true, space);
  return w.emit(ir::Opcode::kLocal, static_cast<uint32_t>(fixed->count), fixed->extents, type);
}

Value local_array(Writer& w, std::span<const Value> arguments) {
  return make_array(w, "local.array()", MemorySpace::kGroup, arguments[0], arguments[1]);
}

Value private_array(Writer& w, std::span<const Value> arguments) {
  return make_array(w, "private.array()", MemorySpace::kPrivate, arguments[0], arguments[1]);
}

Value private_array_object(Writer& w, std::span<const Value> arguments) {
  std::optional<bool> fill = flag_argument(w, "fill_zeros", arguments[2]);
  Value array = make_array(w, "PrivateArray()", MemorySpace::kPrivate, arguments[0], arguments[1]);
  if (!fill || !array) return {};
  if (*fill) assign(w, array, w.integer(0));
  return array;
}

constexpr NamedFunction kFunctions[] = {
    {"metate.local.array", "shape, dtype", local_array},
    {"metate.private.array", "shape, dtype", private_array},
    {"metate.PrivateArray", "shape, dtype, fill_zeros=False", private_array_object},
};

}  // namespace

std::span<const NamedFunction> kernel_memory_functions() { return kFunctions; }

}  // namespace metate::infer
