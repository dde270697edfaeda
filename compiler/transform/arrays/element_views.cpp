#include "compiler/transform/arrays/element_views.h"

#include <algorithm>
#include <numeric>

#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {

using ir::Function;
using ir::IndexKind;
using ir::Opcode;
using ir::TypeId;
using ir::Value;
using types::Layout;
using types::Type;

std::unordered_map<Value, Access> ElementViews::at(std::span<const Value> indices) const {
  std::unordered_map<Value, Access> accesses;
  for (const View& view : views_) {
    Access access{view.view, view.fixed};
    size_t ndim = access.indices.size();
    for (size_t axis = 0; axis < ndim; ++axis)
      if (!access.indices[axis]) access.indices[axis] = indices[indices.size() + axis - ndim];
    accesses.emplace(view.array, std::move(access));
  }
  return accesses;
}

ElementArrays::ElementArrays(ir::Builder& builder, Extents& extents, Shape shape, std::vector<Value> arrays)
    : builder_(builder), shape_(std::move(shape)) {
  for (Value array : arrays) operands_.push_back({array, extents.of(array)});
}

/// The array has one element for all places along the axis, as far as it is known when compiling.
bool ElementArrays::is_spread(const Operand& operand, size_t axis) const {
  const Function& function = builder_.function();
  if (axis + ndim() < operand.extents.size()) return true;
  return whole::is(function, operand.extents[axis], 1) &&
         !whole::is(function, shape_[ndim() + axis - operand.extents.size()], 1);
}

Value ElementArrays::aligned() {
  Value condition;
  for (const Operand& operand : operands_)
    for (size_t axis = 0; axis < operand.extents.size(); ++axis) {
      if (is_spread(operand, axis)) continue;
      Value extent = shape_[ndim() + axis - operand.extents.size()];
      condition = whole::both(builder_, condition, whole::equal(builder_, operand.extents[axis], extent));
    }
  return condition;
}

ElementForm ElementArrays::aligned_form() const {
  if (ndim() < 2 || operands_.empty()) return ElementForm::kAligned;
  Layout layout = builder_.function().type_data(operands_[0].array).layout;
  auto lies_alike = [&](const Operand& operand) {
    if (builder_.function().type_data(operand.array).layout != layout || operand.extents.size() != ndim()) return false;
    for (size_t axis = 0; axis < ndim(); ++axis)
      if (is_spread(operand, axis)) return false;
    return true;
  };
  bool flat = layout != Layout::kAny && std::ranges::all_of(operands_, lies_alike);
  return flat ? ElementForm::kFlat : ElementForm::kAligned;
}

ElementViews ElementArrays::prepare(ElementForm form) {
  ElementViews views;
  views.extents_ = shape_;
  if (form == ElementForm::kFlat) views.extents_ = {whole::product(builder_, shape_)};
  for (const Operand& operand : operands_) {
    ElementViews::View view{operand.array, operand.array, std::vector<Value>(operand.extents.size())};
    switch (form) {
      case ElementForm::kFlat:
        view.view = flatten(operand.array, views.extents_[0]);
        view.fixed.resize(1);
        break;
      case ElementForm::kAligned:
        for (size_t axis = 0; axis < operand.extents.size(); ++axis)
          if (is_spread(operand, axis)) view.fixed[axis] = builder_.constant_int(0);
        break;
      case ElementForm::kBroadcast:
        view.view = broadcast_view(operand);
        view.fixed.assign(ndim(), Value());
        break;
    }
    views.views_.push_back(std::move(view));
  }
  return views;
}

/// A contiguous array as one axis.
Value ElementArrays::flatten(Value array, Value count) {
  types::TypeTable& types = builder_.universe().types;
  Type type = builder_.function().type_data(array);
  if (type.layout == Layout::kF) {
    std::vector<uint8_t> reversed(type.ndim);
    std::iota(reversed.rbegin(), reversed.rend(), uint8_t{0});
    uint32_t axes = Function::add_to(builder_.function().axes, std::move(reversed));
    TypeId transposed = types.view_of(type, type.ndim, Layout::kC);
    array = builder_.emit_value(Opcode::kTranspose, axes, {array}, transposed);
  }
  return builder_.emit_value(Opcode::kReshape, 0, {array, count}, types.view_of(type, 1, Layout::kC));
}

Value ElementArrays::broadcast_view(const Operand& operand) {
  const Function& function = builder_.function();
  types::TypeTable& types = builder_.universe().types;
  Type type = function.type_data(operand.array);
  bool fits = operand.extents.size() == ndim();
  for (size_t axis = 0; fits && axis < ndim(); ++axis)
    fits = whole::same(function, operand.extents[axis], shape_[axis]);
  if (fits) return operand.array;

  Value array = operand.array;
  if (operand.extents.size() > ndim()) {
    // Axes in front of the shape's have extent 1.
    size_t surplus = operand.extents.size() - ndim();
    ir::IndexSpec spec(operand.extents.size(), IndexKind::kFull);
    std::fill_n(spec.begin(), surplus, IndexKind::kInteger);
    std::vector<Value> operands{array};
    operands.resize(1 + surplus, builder_.constant_int(0));
    uint32_t index = Function::add_to(builder_.function().index_specs, std::move(spec));
    array = builder_.emit_value(Opcode::kView, index, operands, types.view_of(type, ndim(), Layout::kAny));
  }
  std::vector<Value> operands{array};
  operands.insert(operands.end(), shape_.begin(), shape_.end());
  return builder_.emit_value(Opcode::kBroadcast, 0, operands, types.view_of(type, ndim(), Layout::kAny));
}

}  // namespace metate::transform
