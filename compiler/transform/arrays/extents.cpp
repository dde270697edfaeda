#include "compiler/transform/arrays/extents.h"

#include <utility>

namespace metate::transform {

using ir::IndexKind;
using ir::Inst;
using ir::Opcode;
using ir::Value;

Value Extents::of(Value array, size_t axis) {
  const ir::Function& function = builder_.function();
  if (const std::vector<Value>& known = std::as_const(defined_)[array]; !known.empty()) return known[axis];
  Inst inst = function.defining_inst(array);
  if (!inst) return builder_.dim(array, static_cast<uint32_t>(axis));
  std::span<const Value> operands = function.operands(inst);
  switch (function.inst(inst).opcode) {
    case Opcode::kAlloc:
    case Opcode::kLocal:
      return operands[axis];
    case Opcode::kReshape:
    case Opcode::kBroadcast:
      return operands[axis + 1];
    case Opcode::kTranspose:
      return of(operands[0], function.axes[function.inst(inst).imm][axis]);
    case Opcode::kWiden:
    case Opcode::kReal:
      return of(operands[0], axis);
    case Opcode::kView:
      return of_view(inst, axis);
    default:
      return builder_.dim(array, static_cast<uint32_t>(axis));
  }
}

Value Extents::of_view(Inst view, size_t axis) {
  const ir::Function& function = builder_.function();
  const ir::IndexSpec& spec = function.index_specs[function.inst(view).imm];
  size_t operand = 1, source_axis = 0, result_axis = 0;
  for (IndexKind kind : spec) {
    bool found = kind != IndexKind::kInteger && result_axis++ == axis;
    switch (kind) {
      case IndexKind::kInteger:
        operand += 1;
        break;
      case IndexKind::kSlice:
        if (found) return function.operands(view)[operand + 1];
        operand += 3;
        break;
      case IndexKind::kFull:
        if (found) return of(function.operands(view)[0], source_axis);
        break;
      case IndexKind::kNewAxis:
        if (found) return builder_.constant_int(1);
        break;
    }
    if (kind != IndexKind::kNewAxis) ++source_axis;
  }
  METATE_UNREACHABLE();
}

std::vector<Value> Extents::of(Value array) {
  std::vector<Value> extents;
  size_t ndim = builder_.function().type_data(array).ndim;
  for (size_t axis = 0; axis < ndim; ++axis) extents.push_back(of(array, axis));
  return extents;
}

}  // namespace metate::transform
