// assignment – `assign` and `op_out`: expressions computed into arrays that exist already.
#include "compiler/transform/arrays/array_lowering.h"
#include "compiler/transform/arrays/storage.h"
#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {

using ir::Inst;
using ir::Opcode;
using ir::Value;

void ArrayLowering::lower_assign(Inst inst) {
  Value target = function_.operands(inst)[0], source = function_.operands(inst)[1];
  Shape shape = extents_.of(target);
  if (is_array(source)) check_assignable(builder_, extents_.of(source), shape);
  TypeId element = builder_.universe().types.scalar(function_.type_data(target).dtype);
  overwrite(target, shape, function_.operands(inst).subspan(1),
            [&](ElementCode& code) { return builder_.cast(code(source), element); });
}

void ArrayLowering::lower_op_out(Inst inst) {
  Value target = function_.operands(inst)[0];
  std::vector<Shape> shapes = operand_shapes(element_operands(function_, inst));
  Shape shape = extents_.of(target);
  shapes.push_back(shape);
  check_operands_fit_out(builder_, shapes);
  TypeId element = builder_.universe().types.scalar(function_.type_data(target).dtype);
  overwrite(target, shape, element_operands(function_, inst),
            [&](ElementCode& code) { return builder_.cast(code.compute(inst), element); });
}

/// The condition (whole_numbers.h) that no element is read after another iteration may have written it. An array that
/// is the target itself is read where it is written.
Value ArrayLowering::apart(Value target, std::span<const Value> read) {
  Value condition;
  types::TypeTable& types = builder_.universe().types;
  for (Value array : read) {
    if (!may_share(function_, storage_of(function_, array), storage_of(function_, target))) continue;
    if (is_same_view(function_, array, target)) continue;
    Value meets = builder_.emit_value(Opcode::kOverlap, 0, {target, array}, types.weak_bool());
    condition = whole::both(builder_, condition, builder_.op(ops::ScalarOp::kLogicalNot, {meets}, types.weak_bool()));
  }
  return condition;
}

void ArrayLowering::overwrite(Value target, const Shape& shape, std::span<const Value> operands,
                              const std::function<Value(ElementCode&)>& element) {
  std::vector<Value> read = expressions_.leaves(operands);
  ElementArrays elements = element_arrays(target, shape, read);
  Value direct = apart(target, read);
  if (!direct) return in_versions(elements, [&](ElementForm form) { write_elements(elements, form, target, element); });
  direct = whole::both(builder_, direct, elements.aligned());
  either(
      direct, [&] { write_elements(elements, elements.aligned_form(), target, element); },
      [&] {
        const types::Type& type = function_.type_data(target);
        TypeId dense = builder_.universe().types.array(type.dtype, type.ndim, types::Layout::kC);
        Value temporary = builder_.emit_value(Opcode::kAlloc, 0, shape, dense);
        ElementArrays computed = element_arrays(temporary, shape, read);
        write_elements(computed, ElementForm::kBroadcast, temporary, element);
        ElementArrays copied = element_arrays(target, shape, {temporary});
        write_elements(copied, copied.aligned_form(), target, [&](ElementCode& code) { return code(temporary); });
      });
}

}  // namespace metate::transform
