// creation – new arrays: zeros, full, arange, copy.
#include <array>

#include "compiler/transform/arrays/array_functions.h"
#include "compiler/transform/arrays/extents.h"
#include "compiler/transform/arrays/nest_writer.h"

namespace metate::transform {

using ir::Builder;
using ir::Opcode;
using ir::TypeId;
using ir::Value;
using ops::ScalarOp;

Value expand_full(Builder& builder, std::span<const Value> operands, TypeId result) {
  Value array = builder.emit_value(Opcode::kAlloc, 0, operands.first(operands.size() - 1), result);
  builder.emit(Opcode::kAssign, 0, std::array{array, operands.back()}, {});
  return array;
}

Value expand_zeros(Builder& builder, std::span<const Value> operands, TypeId result) {
  types::Scalar zero = types::Scalar::of(builder.universe().types[result].dtype, 0);
  std::vector<Value> filled(operands.begin(), operands.end());
  filled.push_back(builder.constant(types::to_constant(zero, false, builder.universe().constants)));
  return expand_full(builder, filled, result);
}

Value expand_copy(Builder& builder, std::span<const Value> operands, TypeId result) {
  Value array = builder.emit_value(Opcode::kAlloc, 0, Extents(builder).of(operands[0]), result);
  builder.emit(Opcode::kAssign, 0, std::array{array, operands[0]}, {});
  return array;
}

/// As NumPy fills ranges: the distance is that of the first two elements, which rounding makes differ from the step.
Value expand_arange(Builder& builder, std::span<const Value> operands, TypeId result) {
  Value count = operands[0], start = operands[1], step = operands[2];
  TypeId element = builder.universe().types.scalar(builder.universe().types[result].dtype);
  Value array = builder.emit_value(Opcode::kAlloc, 0, {count}, result);
  Value distance = step;
  if (!is_integer(builder.universe().types[element].dtype)) {
    Value second = builder.op(ScalarOp::kAdd, {start, step}, element);
    distance = builder.op(ScalarOp::kSubtract, {second, start}, element);
  }
  NestWriter nest(builder, {.mode = ir::NestMode::kParallel, .independent = true}, std::array{count},
                  std::array{uint8_t{0}});
  Value offset = builder.op(ScalarOp::kMultiply, {builder.cast(nest.indices()[0], element), distance}, element);
  builder.store(builder.op(ScalarOp::kAdd, {start, offset}, element), array, nest.indices());
  nest.close();
  return array;
}

}  // namespace metate::transform
