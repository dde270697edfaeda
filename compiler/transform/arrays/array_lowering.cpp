#include "compiler/transform/arrays/array_lowering.h"

namespace metate::transform {

using ir::Inst;
using ir::Opcode;
using ir::Value;

bool ArrayLowering::replace(Inst inst) {
  if (is_array_expression(function_, inst)) {
    lower_expression(inst);
    return true;
  }
  switch (function_.inst(inst).opcode) {
    case Opcode::kDim:
      return lower_dim(inst);
    default:
      return false;
  }
}

/// Extents of results are known; those of fused ones cannot be asked from anything.
bool ArrayLowering::lower_dim(Inst inst) {
  Value array = function_.operands(inst)[0];
  Inst source = function_.defining_inst(array);
  if (!source || !is_array_expression(function_, source)) return false;
  replace_value(function_.result(inst), extents_.of(array, function_.inst(inst).imm));
  return true;
}

void ArrayLowering::in_versions(Value aligned, ElementForm aligned_form,
                                const std::function<void(ElementForm)>& write) {
  if (!aligned) return write(aligned_form);
  ir::Block fast = new_block(), slow = new_block(), behind = new_block();
  builder_.branch(aligned, fast, {}, slow, {});
  builder_.position(fast);
  write(aligned_form);
  builder_.jump(behind);
  builder_.position(slow);
  write(ElementForm::kBroadcast);
  builder_.jump(behind);
  builder_.position(behind);
}

void ArrayLowering::fill(Value target, const Shape& shape, std::span<const Value> operands,
                         const std::function<Value(ElementCode&)>& element) {
  std::vector<Value> arrays = expressions_.leaves(operands);
  arrays.push_back(target);
  ElementArrays elements(builder_, extents_, shape, arrays);
  types::Layout layout = function_.type_data(target).layout;
  in_versions(elements.aligned(), elements.aligned_form(), [&](ElementForm form) {
    ElementViews views = elements.prepare(form);
    auto write = [&](std::span<const Value> indices) {
      ElementCode code(builder_, expressions_, views.at(indices));
      Value value = element(code);
      store_element(builder_, value, code.access(target));
    };
    if (shape.empty()) return write({});
    NestWriter nest(builder_, {.mode = ir::NestMode::kParallel, .independent = true}, views.extents(),
                    axes_as_they_lie(views.extents().size(), layout));
    write(nest.indices());
    nest.close();
  });
}

}  // namespace metate::transform
