#include "compiler/transform/arrays/element_code.h"

#include "compiler/ops/resolve.h"

namespace metate::transform {
namespace {

using ir::Opcode;
using ir::Value;

/// What the row gives for operands of these dtypes, which are those of one of its loops.
types::DType result_dtype(const ir::Function& function, ops::ScalarOp op, std::span<const Value> operands) {
  std::vector<ops::OperandType> types;
  for (Value operand : operands) types.push_back({.dtype = function.type_data(operand).dtype, .weak = false});
  std::optional<ops::Resolution> resolution = ops::resolve(op, types);
  METATE_ASSERT(resolution.has_value());
  return resolution->result;
}

}  // namespace

Value ElementCode::operator()(Value value) {
  const ir::Function& function = builder_.function();
  if (!function.universe().types.is_array(function.type(value))) {
    // A constant made anew needs no place among the captures of a parallel nest.
    ir::Inst inst = function.defining_inst(value);
    if (!inst || function.inst(inst).opcode != Opcode::kConst) return value;
    return builder_.constant(types::ConstantId(function.inst(inst).imm));
  }
  if (auto known = elements_.find(value); known != elements_.end()) return known->second;
  Value element =
      expressions_.fused(value) ? compute(function.defining_inst(value)) : load_element(builder_, accesses_.at(value));
  elements_.emplace(value, element);
  return element;
}

Value ElementCode::compute(ir::Inst inst) {
  ir::Function& function = builder_.function();
  std::span<const Value> given = element_operands(function, inst);
  std::vector<Value> operands(given.begin(), given.end());
  for (Value& operand : operands) operand = (*this)(operand);
  types::TypeTable& types = builder_.universe().types;
  uint32_t imm = function.inst(inst).imm;
  if (function.inst(inst).opcode == Opcode::kCast)
    return builder_.cast(operands[0], types.scalar(function.type_data(function.result(inst)).dtype));
  if (function.inst(inst).opcode == Opcode::kMap)
    return builder_.emit_value(Opcode::kCall, imm, operands,
                               types.scalar(function.type_data(function.result(inst)).dtype));
  types::DType dtype = function.inst(inst).opcode == Opcode::kOp
                           ? function.type_data(function.result(inst)).dtype
                           : result_dtype(function, static_cast<ops::ScalarOp>(imm), operands);
  return builder_.emit_value(Opcode::kOp, imm, operands, types.scalar(dtype));
}

}  // namespace metate::transform
