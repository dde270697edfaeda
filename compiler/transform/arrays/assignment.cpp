// assignment – `assign` and `op_out`: expressions computed into arrays that exist already.
#include <algorithm>

#include "compiler/transform/arrays/array_lowering.h"
#include "compiler/transform/arrays/overlap.h"
#include "compiler/transform/arrays/shape_message.h"
#include "compiler/transform/arrays/storage.h"
#include "compiler/transform/arrays/whole_numbers.h"
#include "compiler/transform/nests/device_obstacle.h"

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

/// The condition (whole_numbers.h) that elements may be written before all of them are read.
Value ArrayLowering::is_undisturbed(Value target, std::span<const Value> read) {
  Value condition;
  for (Value array : read) {
    if (!may_share(function_, storage_of(function_, array), storage_of(function_, target))) continue;
    if (is_same_view(function_, array, target)) continue;
    Overlap overlap(builder_, extents_, target, array);
    auto yes = [&] { return builder_.constant_bool(true); };
    Value harmless =
        either(overlap.lie_apart(), builder_.universe().types.weak_bool(), yes, [&] { return overlap.is_harmless(); });
    condition = whole::both(builder_, condition, harmless);
  }
  return condition;
}

/// Work-items have no memory for arrays. But where a loop computes an array from other parts of the same one, a
/// temporary may well be needed: rather that loop stays on the host.
bool ArrayLowering::may_make_temporary(Value target, std::span<const Value> read) const {
  if (function_.options.kernel) return false;
  if (!may_be_in_kernel(function_, function_.block(builder_.block()).region)) return true;
  const Value storage = storage_of(function_, target);
  return std::ranges::any_of(read, [&](Value array) {
    return storage_of(function_, array) == storage && !is_same_view(function_, array, target);
  });
}

void ArrayLowering::overwrite(Value target, const Shape& shape, std::span<const Value> operands,
                              const std::function<Value(ElementCode&)>& element) {
  std::vector<Value> read = expressions_.leaves(operands);
  Value direct = is_undisturbed(target, read);
  if (direct && !may_make_temporary(target, read)) {
    // A temporary would be right, but only the launch knows the addresses.
    ShapeMessage(builder_, "ValueError")
        .text("an array is computed from one that overlaps it, and a " +
              std::string(function_.options.kernel ? "kernel" : "loop on a device") +
              " has no memory for a temporary array")
        .check(direct);
    direct = {};
  }
  ElementArrays elements = element_arrays(target, shape, read);
  auto write = [&](ElementForm form) { write_elements(elements, form, target, element); };
  if (!direct) return in_versions(elements, write);
  direct = whole::both(builder_, direct, elements.aligned());
  either(direct, [&] { write(elements.aligned_form()); }, [&] { write_by_temporary(target, shape, read, element); });
}

void ArrayLowering::write_by_temporary(Value target, const Shape& shape, std::span<const Value> read,
                                       const Element& element) {
  const types::Type& type = function_.type_data(target);
  TypeId dense = builder_.universe().types.array(type.dtype, type.ndim, types::Layout::kC);
  Value temporary = builder_.emit_value(Opcode::kAlloc, 0, shape, dense);
  ElementArrays computed = element_arrays(temporary, shape, {read.begin(), read.end()});
  write_elements(computed, ElementForm::kBroadcast, temporary, element);
  ElementArrays copied = element_arrays(target, shape, {temporary});
  write_elements(copied, copied.aligned_form(), target, [&](ElementCode& code) { return code(temporary); });
}

}  // namespace metate::transform
