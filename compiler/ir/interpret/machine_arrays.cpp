// machine_arrays – elements, views and storage of arrays under interpretation.
#include <algorithm>

#include "compiler/ir/interpret/machine.h"
#include "compiler/ir/interpret/work_group.h"

namespace metate::ir {

using types::DType;
using types::Scalar;

Machine::Flow Machine::axis(Inst inst) {
  const Array& array = this->array(function_.operands(inst)[0]);
  if (refused()) return Flow::kRefuse;
  const Shape& numbers = function_.inst(inst).opcode == Opcode::kDim ? array.shape : array.strides;
  return give(inst, Scalar::integer(type_of_result(inst).dtype, numbers[function_.inst(inst).imm]));
}

Machine::Flow Machine::load(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  const Array& array = this->array(operands[0]);
  Shape index = integers(operands.subspan(1));
  if (refused()) return Flow::kRefuse;
  if (!in_range(array, index)) return refuse("an element outside of the array is read");
  return give(inst, types::load(function_.type_data(operands[0]).dtype, element(array, index)));
}

Machine::Flow Machine::store(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  Scalar value = scalar(operands[0]);
  const Array& array = this->array(operands[1]);
  Shape index = integers(operands.subspan(2));
  if (refused()) return Flow::kRefuse;
  if (!in_range(array, index)) return refuse("an element outside of the array is written");
  types::store(value, element(array, index));
  return Flow::kNext;
}

Machine::Flow Machine::view(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  const Array& source = array(operands[0]);
  Shape numbers = integers(operands.subspan(1));
  if (refused()) return Flow::kRefuse;
  Array result{source.data, source.owner, {}, {}};
  size_t axis = 0, next = 0;
  for (IndexKind kind : function_.index_specs[function_.inst(inst).imm]) {
    if (kind == IndexKind::kNewAxis) {
      result.shape.push_back(1);
      result.strides.push_back(0);
      continue;
    }
    int64_t extent = source.shape[axis], stride = source.strides[axis];
    ++axis;
    if (kind == IndexKind::kInteger) {
      int64_t index = numbers[next++];
      if (index < 0 || index >= extent) return refuse("an index outside of the array");
      result.data += index * stride;
    } else if (kind == IndexKind::kSlice) {
      int64_t start = numbers[next], count = numbers[next + 1], step = numbers[next + 2];
      next += 3;
      bool inside = count == 0 || (start >= 0 && start < extent && start + (count - 1) * step >= 0 &&
                                   start + (count - 1) * step < extent);
      if (count < 0 || !inside) return refuse("a slice outside of the array");
      if (count != 0) result.data += start * stride;
      result.shape.push_back(count);
      result.strides.push_back(stride * step);
    } else {
      result.shape.push_back(extent);
      result.strides.push_back(stride);
    }
  }
  return give(inst, std::move(result));
}

Machine::Flow Machine::transpose(Inst inst) {
  const Array& source = array(function_.operands(inst)[0]);
  if (refused()) return Flow::kRefuse;
  Array result{source.data, source.owner, {}, {}};
  for (uint8_t axis : function_.axes[function_.inst(inst).imm]) {
    result.shape.push_back(source.shape[axis]);
    result.strides.push_back(source.strides[axis]);
  }
  return give(inst, std::move(result));
}

Machine::Flow Machine::reshape(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  const Array& source = array(operands[0]);
  Shape shape = integers(operands.subspan(1));
  if (refused()) return Flow::kRefuse;
  DType dtype = type_of_result(inst).dtype;
  std::optional<int64_t> before = element_count(source.shape), after = element_count(shape);
  bool negative = std::ranges::any_of(shape, [](int64_t extent) { return extent < 0; });
  if (negative || before != after)
    return raise(
        inst, "builtins.ValueError",
        "cannot reshape array of size " + std::to_string(before.value_or(0)) + " into shape " + shape_text(shape));
  Shape strides = contiguous_strides(shape, types::size(dtype), types::Layout::kC);
  return give(inst, Array{source.data, source.owner, std::move(shape), std::move(strides)});
}

Machine::Flow Machine::broadcast_to(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  const Array& source = array(operands[0]);
  Shape shape = integers(operands.subspan(1));
  if (refused()) return Flow::kRefuse;
  if (broadcast(std::array{source.shape, shape}) != shape) return refuse("the array does not fit the extents");
  return give(inst, stretch(source, shape));
}

/// From the lowest to the highest byte of an element; nothing if there is none.
static std::pair<const std::byte*, const std::byte*> memory_range(const Array& array, int item_size) {
  const std::byte *low = array.data, *high = array.data + item_size;
  for (size_t axis = 0; axis < array.shape.size(); ++axis) {
    if (array.shape[axis] == 0) return {low, low};
    int64_t span = (array.shape[axis] - 1) * array.strides[axis];
    low += std::min<int64_t>(span, 0);
    high += std::max<int64_t>(span, 0);
  }
  return {low, high};
}

Machine::Flow Machine::overlap(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  auto [begin, end] = memory_range(array(operands[0]), types::size(function_.type_data(operands[0]).dtype));
  auto [other_begin, other_end] = memory_range(array(operands[1]), types::size(function_.type_data(operands[1]).dtype));
  if (refused()) return Flow::kRefuse;
  bool some = begin != end && other_begin != other_end;
  return give(inst, types::Scalar::boolean(some && begin < other_end && other_begin < end));
}

Machine::Flow Machine::distance(Inst inst) {
  const std::byte* from = array(function_.operands(inst)[0]).data;
  const std::byte* to = array(function_.operands(inst)[1]).data;
  if (refused()) return Flow::kRefuse;
  auto bytes = reinterpret_cast<intptr_t>(to) - reinterpret_cast<intptr_t>(from);  // they may lie in different objects
  return give(inst, Scalar::integer(type_of_result(inst).dtype, bytes));
}

Machine::Flow Machine::array_real(Inst inst) {
  Array result = array(function_.operands(inst)[0]);
  if (refused()) return Flow::kRefuse;
  if (function_.inst(inst).imm == 1) result.data += types::size(type_of_result(inst).dtype);
  return give(inst, std::move(result));
}

Machine::Flow Machine::alloc(Inst inst) {
  Shape shape = integers(function_.operands(inst));
  if (refused()) return Flow::kRefuse;
  if (std::ranges::any_of(shape, [](int64_t extent) { return extent < 0; })) return refuse("a negative extent");
  std::optional<Array> result = allocate(type_of_result(inst), std::move(shape));
  return result ? give(inst, std::move(*result)) : raise(inst, "builtins.MemoryError", "");
}

std::optional<Array> Machine::allocate(const types::Type& type, Shape shape) {
  int64_t item = types::size(type.dtype), bytes = 0;
  std::optional<int64_t> count = element_count(shape);
  if (!count || __builtin_mul_overflow(*count, item, &bytes)) return std::nullopt;
  abi::Owner* owner = interpreter_.memory().allocate(bytes);
  if (!owner) return std::nullopt;
  Shape strides = contiguous_strides(shape, item, type.layout);
  return Array{interpreter_.memory().data(owner), owner, std::move(shape), std::move(strides)};
}

Machine::Flow Machine::local(Inst inst) {
  const types::Type& type = type_of_result(inst);
  Shape shape = integers(function_.operands(inst));
  if (refused()) return Flow::kRefuse;
  if (element_count(shape) != function_.inst(inst).imm) return refuse("the extents are not those of the storage");
  size_t bytes = function_.inst(inst).imm * static_cast<size_t>(types::size(type.dtype));
  std::byte* data = nullptr;
  if (type.space == types::MemorySpace::kGroup) {
    WorkGroup* group = interpreter_.options().work_group;
    if (!group) return refuse("this is no work-group");
    data = group->storage(function_, inst, bytes);
  } else {
    std::vector<std::byte>& storage = locals_[inst.index()];
    storage.resize(bytes);
    data = storage.data();
  }
  Shape strides = contiguous_strides(shape, types::size(type.dtype), type.layout);
  return give(inst, Array{data, nullptr, std::move(shape), std::move(strides)});
}

Machine::Flow Machine::count(Inst inst) {
  bool retain = function_.inst(inst).opcode == Opcode::kRetain;
  if (!count(datum(function_.operands(inst)[0]), retain)) return refuse("the storage was released before");
  return Flow::kNext;
}

bool Machine::count(const Datum& datum, bool retain) {
  if (const std::vector<Datum>* parts = datum.tuple())
    return std::ranges::all_of(*parts, [&](const Datum& part) { return count(part, retain); });
  const Array* array = datum.array();
  if (!array || !array->owner) return true;
  if (!retain) return interpreter_.memory().release(array->owner);
  if (!Memory::alive(array->owner)) return false;
  interpreter_.memory().retain(array->owner);
  return true;
}

}  // namespace metate::ir
