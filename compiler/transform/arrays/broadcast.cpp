#include "compiler/transform/arrays/broadcast.h"

#include <algorithm>

#include "compiler/transform/arrays/shape_message.h"
#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {
namespace {

using ir::Builder;
using ir::Value;

/// The different extents that shapes bring to an axis counted from the last; those known to be 1 are left out.
std::vector<Value> extents_at(const ir::Function& function, std::span<const Shape> shapes, size_t from_last) {
  std::vector<Value> found;
  for (const Shape& shape : shapes) {
    if (from_last >= shape.size()) continue;
    Value extent = shape[shape.size() - 1 - from_last];
    bool known = whole::is(function, extent, 1) ||
                 std::ranges::any_of(found, [&](Value other) { return whole::same(function, other, extent); });
    if (!known) found.push_back(extent);
  }
  // A constant, which is not 1, decides what the axis becomes.
  auto decides = [&](Value extent) { return whole::constant(function, extent).has_value(); };
  std::ranges::partition(found, decides);
  return found;
}

Value is_one(Builder& builder, Value extent) { return whole::equal(builder, extent, builder.constant_int(1)); }

/// Whether an axis of `extent` fits one of `target`.
Value axis_fits(Builder& builder, Value extent, Value target) {
  return whole::either(builder, whole::equal(builder, extent, target), is_one(builder, extent));
}

Value shape_fits(Builder& builder, const Shape& shape, const Shape& target) {
  Value fits;
  for (size_t i = 0; i < shape.size(); ++i) {
    Value extent = shape[shape.size() - 1 - i];
    fits = whole::both(
        builder, fits,
        i < target.size() ? axis_fits(builder, extent, target[target.size() - 1 - i]) : is_one(builder, extent));
  }
  return fits;
}

ShapeMessage not_together(Builder& builder, std::span<const Shape> shapes) {
  ShapeMessage message(builder, "ValueError");
  message.text("operands could not be broadcast together with shapes ");
  for (const Shape& shape : shapes) message.shape(shape).text(" ");
  return message;
}

}  // namespace

Shape broadcast(Builder& builder, std::span<const Shape> shapes, Value& fits) {
  const ir::Function& function = builder.function();
  size_t ndim = 0;
  for (const Shape& shape : shapes) ndim = std::max(ndim, shape.size());
  Shape result(ndim);
  fits = {};
  for (size_t i = 0; i < ndim; ++i) {
    std::vector<Value> extents = extents_at(function, shapes, i);
    if (extents.empty()) extents.push_back(builder.constant_int(1));
    Value common = extents[0];
    for (size_t k = 1; k < extents.size(); ++k) {
      Value one = is_one(builder, common);
      fits = whole::both(builder, fits, whole::either(builder, one, axis_fits(builder, extents[k], common)));
      common = whole::select(builder, one, extents[k], common);
    }
    result[ndim - 1 - i] = common;
  }
  return result;
}

Shape broadcast_operands(Builder& builder, std::span<const Shape> shapes) {
  Value fits;
  Shape result = broadcast(builder, shapes, fits);
  not_together(builder, shapes).check(fits);
  return result;
}

void check_operands_fit_out(Builder& builder, std::span<const Shape> shapes) {
  Value fits;
  Shape all = broadcast(builder, shapes, fits);
  not_together(builder, shapes).check(fits);
  const Shape& out = shapes.back();
  Value same = all.size() == out.size() ? Value() : builder.constant_bool(false);
  for (size_t axis = 0; all.size() == out.size() && axis < out.size(); ++axis)
    same = whole::both(builder, same, whole::equal(builder, all[axis], out[axis]));
  ShapeMessage(builder, "ValueError")
      .text("non-broadcastable output operand with shape ")
      .shape(out)
      .text(" doesn't match the broadcast shape ")
      .shape(all)
      .check(same);
}

void check_assignable(Builder& builder, const Shape& source, const Shape& target) {
  Value fits = shape_fits(builder, source, target);
  ShapeMessage(builder, "ValueError")
      .text("could not broadcast input array from shape ")
      .shape(source)
      .text(" into shape ")
      .shape(target)
      .check(fits);
}

}  // namespace metate::transform
