// expression – `op` and `cast` of arrays.
#include "compiler/transform/arrays/array_lowering.h"

namespace metate::transform {

void ArrayLowering::lower_expression(ir::Inst inst) {
  ir::Value result = function_.result(inst);
  Shape shape = broadcast_operands(builder_, operand_shapes(function_.operands(inst)));
  extents_.define(result, shape);
  if (expressions_.fused(inst)) return;
  ir::Value target = builder_.emit_value(ir::Opcode::kAlloc, 0, shape, function_.type(result));
  ElementArrays elements = element_arrays(target, shape, expressions_.leaves(function_.operands(inst)));
  in_versions(elements, [&](ElementForm form) {
    write_elements(elements, form, target, [&](ElementCode& code) { return code.compute(inst); });
  });
  replace_value(result, target);
}

}  // namespace metate::transform
