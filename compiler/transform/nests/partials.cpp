#include "compiler/transform/nests/partials.h"

#include <algorithm>
#include <array>

#include "compiler/transform/arrays/nest_writer.h"
#include "compiler/transform/arrays/shape_message.h"
#include "compiler/transform/arrays/whole_numbers.h"
#include "compiler/transform/nests/same_array.h"

namespace metate::transform {

using ir::Builder;
using ir::Opcode;
using ir::Value;
using types::Layout;

Partials::Partials(const ir::Function& function, ir::Inst nest, size_t index) {
  const ir::NestData& data = function.nests[function.inst(nest).imm];
  combine_ = data.reductions[index].combine;
  initial_ = function.operands(nest)[data.rank + index];
  type_ = function.type(initial_);
  const types::Type& type = function.type_data(initial_);
  dtype_ = type.dtype;
  layout_ = type.layout;
  is_array_ = type.kind == types::TypeKind::kArray;
  on_device_ = data.mode == ir::NestMode::kDevice;
  types::TypeTable& types = function.universe().types;
  element_ = is_array_ ? types.scalar(dtype_) : type_;
  if (is_array_) in_place_ = hands_on_same_array(function, nest, index);
}

bool Partials::possible(const ir::Function& function, ir::Inst nest, size_t index) {
  const ir::NestData& data = function.nests[function.inst(nest).imm];
  const types::Type& type = function.type_data(function.operands(nest)[data.rank + index]);
  if (type.kind != types::TypeKind::kScalar && type.kind != types::TypeKind::kArray) return false;
  return ops::neutral(data.reductions[index].combine, type.dtype).has_value();
}

bool Partials::is_reversed() const { return on_device_ && is_array_ && layout_ == Layout::kF; }

bool Partials::rounds() const { return types::is_float(dtype_) || types::is_complex(dtype_); }

Value Partials::neutral(Builder& builder) const {
  bool weak = builder.universe().types[element_].weak;
  return builder.constant(types::to_constant(*ops::neutral(combine_, dtype_), weak, builder.universe().constants));
}

Value Partials::combine(Builder& builder, Value a, Value b) const { return builder.op(combine_, {a, b}, element_); }

Value Partials::number(Builder& builder, std::span<const Value> place) const {
  return builder.cast(builder.load(kept_, place), element_);
}

void Partials::allocate(Builder& builder, Value chunks) {
  types::TypeTable& types = builder.universe().types;
  if (!is_array_ && on_device_) {
    kept_ = builder.emit_value(Opcode::kAlloc, 0, {chunks}, types.array(dtype_, 1, Layout::kC));
    return;
  }
  if (!is_array_) {
    kept_ = builder.emit_value(Opcode::kLocal, static_cast<uint32_t>(most_), {builder.constant_int(most_)},
                               types.array(dtype_, 1, Layout::kC, true, types::MemorySpace::kPrivate));
    return;
  }
  int ndim = types[type_].ndim;
  for (int axis = 0; axis < ndim; ++axis) shape_.push_back(builder.dim(initial_, static_cast<uint32_t>(axis)));
  Values extents{chunks};
  extents.insert(extents.end(), shape_.begin(), shape_.end());
  if (is_reversed()) std::reverse(extents.begin() + 1, extents.end());
  kept_ = builder.emit_value(Opcode::kAlloc, 0, extents, types.array(dtype_, ndim + 1, Layout::kC));
}

namespace {

// Elements of an array that are worth a thread: each is combined from up to 32 chunks.
constexpr uint32_t kGrain = 512;

/// Writes code at all places of an array; `axes` by the array's order in memory. A device has no other code than that
/// of nests.
template <class Write>
void at_each(Builder& builder, ir::NestMode mode, std::span<const Value> shape, Layout layout, const Write& write) {
  std::vector<Value> extents(shape.begin(), shape.end());
  if (shape.empty()) {
    if (mode != ir::NestMode::kDevice) return write(std::span<const Value>());
    extents.push_back(builder.constant_int(1));
  }
  ir::NestData data{.mode = mode, .independent = true, .grain = kGrain};
  NestWriter nest(builder, std::move(data), extents, axes_as_they_lie(extents.size(), layout));
  write(std::span<const Value>(nest.indices()).first(shape.size()));
  nest.close();
}

}  // namespace

/// Of a partial result's element.
Partials::Values Partials::place(Value chunk, std::span<const Value> indices) const {
  Values place{chunk};
  place.insert(place.end(), indices.begin(), indices.end());
  if (is_reversed()) std::reverse(place.begin() + 1, place.end());
  return place;
}

/// Of the shape and order of the array that the nest started from.
Value Partials::new_array(Builder& builder) const {
  types::TypeTable& types = builder.universe().types;
  Layout layout = types[type_].layout == Layout::kF ? Layout::kF : Layout::kC;
  return builder.emit_value(Opcode::kAlloc, 0, shape_, types.array(dtype_, types[type_].ndim, layout));
}

/// Where the partial result of a chunk is kept, as an array of the order of the one that the nest started from.
Value Partials::kept_array(Builder& builder, Value chunk) const {
  types::TypeTable& types = builder.universe().types;
  ir::Function& function = builder.function();
  const int ndim = types[type_].ndim;
  ir::IndexSpec spec(static_cast<size_t>(ndim) + 1, ir::IndexKind::kFull);
  spec[0] = ir::IndexKind::kInteger;
  Value array = builder.emit_value(Opcode::kView, ir::Function::add_to(function.index_specs, std::move(spec)),
                                   {kept_, chunk}, types.array(dtype_, ndim, Layout::kC));
  if (!is_reversed()) return array;
  std::vector<uint8_t> axes = axes_as_they_lie(static_cast<size_t>(ndim), Layout::kF);
  return builder.emit_value(Opcode::kTranspose, ir::Function::add_to(function.axes, std::move(axes)), {array},
                            types.array(dtype_, ndim, Layout::kF));
}

/// Work-items cannot make arrays, so theirs grows where it is kept.
Value Partials::start(Builder& builder, Value chunk) const {
  if (!is_array_) return neutral(builder);
  Value array = on_device_ ? kept_array(builder, chunk) : new_array(builder), start = neutral(builder);
  Layout layout = builder.function().type_data(array).layout;
  at_each(builder, ir::NestMode::kSerial, shape_, layout,
          [&](std::span<const Value> indices) { builder.store(start, array, indices); });
  if (builder.function().type(array) == type_) return array;
  return builder.emit_value(Opcode::kWiden, 0, {array}, type_);
}

void Partials::keep(Builder& builder, Value value, Value chunk) const {
  if (!is_array_) return builder.store(value, kept_, std::array{chunk});
  if (on_device_ && in_place_) return;
  if (!in_place_) {
    Value same;
    for (size_t axis = 0; axis < shape_.size(); ++axis)
      same = whole::both(builder, same,
                         whole::equal(builder, builder.dim(value, static_cast<uint32_t>(axis)), shape_[axis]));
    ShapeMessage(builder, "ValueError").text("the shape of an array that prange reduces to changes").check(same);
  }
  at_each(builder, ir::NestMode::kSerial, shape_, Layout::kC, [&](std::span<const Value> indices) {
    builder.store(builder.load(value, indices), kept_, place(chunk, indices));
  });
}

Value Partials::combine(Builder& builder, Value chunks) const {
  if (is_array_) return combine_arrays(builder, chunks);
  NestWriter nest(builder, {.reductions = {{combine_}}}, std::array{chunks}, std::array{uint8_t{0}},
                  std::array{initial_});
  Value next = combine(builder, nest.accumulators()[0], number(builder, nest.indices()));
  return nest.close(std::array{next})[0];
}

/// What is changed in place stays the same array; what is bound anew is a new one.
Value Partials::combine_arrays(Builder& builder, Value chunks) const {
  Value target = in_place_ ? initial_ : new_array(builder);
  const ir::NestMode mode = on_device_ ? ir::NestMode::kDevice : ir::NestMode::kParallel;
  at_each(builder, mode, shape_, Layout::kC, [&](std::span<const Value> indices) {
    NestWriter nest(builder, {.reductions = {{combine_}}}, std::array{chunks}, std::array{uint8_t{0}},
                    std::array{builder.load(initial_, indices)});
    Value next = combine(builder, nest.accumulators()[0], number(builder, place(nest.indices()[0], indices)));
    builder.store(nest.close(std::array{next})[0], target, indices);
  });
  if (builder.function().type(target) == type_) return target;
  return builder.emit_value(Opcode::kWiden, 0, {target}, type_);
}

}  // namespace metate::transform
