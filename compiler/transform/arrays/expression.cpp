// expression – `op` and `cast` of arrays.
#include "compiler/transform/arrays/array_lowering.h"

namespace metate::transform {

using ir::Inst;
using ir::Opcode;
using ir::Value;

Shape ArrayLowering::expression_shape(Inst inst) {
  std::vector<Value> operands(function_.operands(inst).begin(), function_.operands(inst).end());
  std::vector<Shape> shapes;
  for (Value operand : operands)
    shapes.push_back(function_.universe().types.is_array(function_.type(operand)) ? extents_.of(operand) : Shape());
  return broadcast_operands(builder_, shapes);
}

void ArrayLowering::lower_expression(Inst inst) {
  Value result = function_.result(inst);
  Shape shape = expression_shape(inst);
  extents_.define(result, shape);
  if (expressions_.fused(inst)) return;
  Value target = builder_.emit_value(Opcode::kAlloc, 0, shape, function_.type(result));
  fill(target, shape, function_.operands(inst), [&](ElementCode& code) { return code.compute(inst); });
  replace_value(result, target);
}

}  // namespace metate::transform
