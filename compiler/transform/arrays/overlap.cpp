#include "compiler/transform/arrays/overlap.h"

#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {

using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

Overlap::Overlap(ir::Builder& builder, Extents& extents, Value target, Value read)
    : builder_(builder),
      target_(target),
      read_(read),
      target_shape_(extents.of(target)),
      read_shape_(extents.of(read)) {}

Value Overlap::lie_apart() {
  ir::TypeId boolean = builder_.universe().types.weak_bool();
  Value meet = builder_.emit_value(Opcode::kOverlap, 0, {target_, read_}, boolean);
  return builder_.op(ScalarOp::kLogicalNot, {meet}, boolean);
}

Value Overlap::is_harmless() {
  if (target_shape_.size() != read_shape_.size()) return builder_.constant_bool(false);
  distance_ = builder_.emit_value(Opcode::kDistance, 0, {target_, read_}, builder_.universe().types.weak_int());
  Value condition = are_one();
  if (!may_have_gaps()) return condition;
  for (size_t axis = 0; axis < target_shape_.size(); ++axis)
    condition = whole::either(builder_, condition, interleave_along(axis));
  return condition;
}

/// Every element lies where the target's is that stands at its place.
Value Overlap::are_one() {
  Value condition = whole::equal(builder_, distance_, builder_.constant_int(0));
  for (size_t axis = 0; axis < target_shape_.size(); ++axis) {
    condition = whole::both(builder_, condition, whole::equal(builder_, target_shape_[axis], read_shape_[axis]));
    condition = whole::both(builder_, condition, have_one_stride(axis));
  }
  return condition;
}

/// Two columns of one array, for instance. What the steps along the axis repeat is what lies across it; modulo the
/// stride, the one is behind the end of the other and ends before it begins again.
Value Overlap::interleave_along(size_t axis) {
  Value zero = builder_.constant_int(0), one = builder_.constant_int(1), step = stride(target_, axis);
  step = whole::maximum(builder_, step, whole::subtract(builder_, zero, step));
  step = whole::maximum(builder_, step, one);  // a stride of 0 has no gaps; nothing is divided by it
  Span written = span_across(target_, target_shape_, axis), read = span_across(read_, read_shape_, axis);
  Value offset = whole::add(builder_, distance_, whole::subtract(builder_, read.low, written.low));
  offset = builder_.op(ScalarOp::kRemainder, {offset, step}, builder_.universe().types.weak_int());
  Value is_behind = whole::less(builder_, whole::subtract(builder_, written.size, one), offset);
  Value end = whole::add(builder_, offset, read.size);
  Value is_before = whole::less(builder_, whole::subtract(builder_, end, one), step);
  return whole::both(builder_, have_one_stride(axis), whole::both(builder_, is_behind, is_before));
}

/// From the lowest to the highest byte of the elements at one place of the axis.
Overlap::Span Overlap::span_across(Value array, const Shape& shape, size_t axis) {
  Value zero = builder_.constant_int(0), one = builder_.constant_int(1);
  Span span{zero, builder_.constant_int(types::size(builder_.function().type_data(array).dtype))};
  for (size_t other = 0; other < shape.size(); ++other) {
    if (other == axis) continue;
    Value last = whole::multiply(builder_, whole::subtract(builder_, shape[other], one), stride(array, other));
    Value below = whole::minimum(builder_, last, zero);
    span.low = whole::add(builder_, span.low, below);
    span.size = whole::add(builder_, span.size, whole::subtract(builder_, whole::maximum(builder_, last, zero), below));
  }
  return span;
}

Value Overlap::stride(Value array, size_t axis) {
  return builder_.emit_value(Opcode::kStride, static_cast<uint32_t>(axis), {array},
                             builder_.universe().types.weak_int());
}

Value Overlap::have_one_stride(size_t axis) {
  return whole::equal(builder_, stride(target_, axis), stride(read_, axis));
}

bool Overlap::may_have_gaps() const {
  auto has_any_layout = [&](Value array) { return builder_.function().type_data(array).layout == types::Layout::kAny; };
  return has_any_layout(target_) && has_any_layout(read_);
}

}  // namespace metate::transform
