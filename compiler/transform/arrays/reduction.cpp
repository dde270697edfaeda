// reduction – what `reduce` computes: checks, accumulators, results. The loops are in fold_loops.cpp.
#include "compiler/ops/reduction.h"

#include <algorithm>

#include "compiler/ops/resolve.h"
#include "compiler/transform/arrays/array_lowering.h"
#include "compiler/transform/arrays/shape_message.h"
#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {

using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ReductionId;
using ops::ReductionKind;
using ops::ScalarOp;
using types::DType;

ArrayLowering::Reduced ArrayLowering::reduced_axes(Inst inst) {
  const ir::Reduction& reduction = function_.reductions[function_.inst(inst).imm];
  Value source = function_.operands(inst)[0];
  Reduced reduced;
  reduced.function = static_cast<ReductionId>(reduction.function);
  reduced.keepdims = reduction.keepdims;
  reduced.is_reduced.assign(function_.type_data(source).ndim, reduction.axes.empty());
  for (uint8_t axis : reduction.axes) reduced.is_reduced[axis] = true;
  reduced.shape = extents_.of(source);
  std::vector<Value> folded, kept;
  for (size_t axis = 0; axis < reduced.shape.size(); ++axis) {
    bool is_reduced = reduced.is_reduced[axis];
    (is_reduced ? folded : kept).push_back(reduced.shape[axis]);
    if (!is_reduced) reduced.result_shape.push_back(reduced.shape[axis]);
    if (is_reduced && reduced.keepdims) reduced.result_shape.push_back(builder_.constant_int(1));
  }
  reduced.count = whole::product(builder_, folded);
  reduced.results = whole::product(builder_, kept);
  return reduced;
}

/// Raises where there is no element for a result, even if there is no result.
void ArrayLowering::check_not_empty(const Reduced& reduced) {
  Value some = whole::less(builder_, builder_.constant_int(0), reduced.count);
  ShapeMessage(builder_, "ValueError").text(ops::info(reduced.function).start.empty_message).check(some);
}

void ArrayLowering::lower_reduce(Inst inst) {
  Reduced reduced = reduced_axes(inst);
  const ops::ReductionInfo& info = ops::info(reduced.function);
  bool has_initial = function_.operands(inst).size() > 1;
  if (info.start.value == ops::Neutral::kNone && !has_initial) check_not_empty(reduced);
  Value source = function_.operands(inst)[0], result = function_.result(inst);
  std::vector<Value> read = expressions_.leaves(std::array{source});
  if (info.kind == ReductionKind::kPosition) {
    if (positions_in_rows(result, reduced, source, read)) return;
    replace_reduction(result, reduced, fold_positions(source, reduced, read), read);
  } else {
    Value initial = has_initial ? function_.operands(inst)[1] : Value();
    replace_reduction(result, reduced, fold_elements(source, reduced, initial), read);
  }
}

/// Emits the loops of a fold; its result takes the place of `result`.
void ArrayLowering::replace_reduction(Value result, const Reduced& reduced, const Fold& fold,
                                      std::span<const Value> read) {
  if (!is_array(result))
    return replace_value(result, builder_.cast(fold_all(fold, reduced, read), function_.type(result)));
  Value target = builder_.emit_value(Opcode::kAlloc, 0, reduced.result_shape, function_.type(result));
  extents_.define(result, reduced.result_shape);
  if (whole::is(function_, reduced.results, 1)) {
    std::vector<Value> place(reduced.result_shape.size(), builder_.constant_int(0));
    builder_.store(fold_all(fold, reduced, read), target, place);
  } else {
    fold_into(target, fold, reduced, read);
  }
  replace_value(result, target);
}

Fold ArrayLowering::fold_elements(Value source, const Reduced& reduced, Value initial) {
  const ops::ReductionInfo& info = ops::info(reduced.function);
  DType dtype = function_.type_data(source).dtype;
  DType accumulator_dtype = ops::accumulator_dtype(reduced.function, dtype);
  TypeId accumulator = builder_.universe().types.scalar(accumulator_dtype);
  TypeId result = builder_.universe().types.scalar(ops::result_dtype(reduced.function, dtype));
  if (initial) {
    initial = builder_.cast(initial, accumulator);
  } else {
    std::optional<types::Scalar> start = ops::start_value(reduced.function, accumulator_dtype);
    if (!start) start = ops::neutral(info.combine, accumulator_dtype);
    initial = builder_.constant(types::to_constant(*start, false, builder_.universe().constants));
  }
  Fold fold{.combine = info.combine,
            .initial = initial,
            .element = {},
            .finish = {},
            .has_finish = info.kind == ReductionKind::kMean};
  fold.element = [this, source, accumulator, map = info.map](ElementCode& code, std::span<const Value>) {
    Value element = code(source);
    if (map) element = apply(*map, element);
    return builder_.cast(element, accumulator);
  };
  fold.finish = [this, accumulator, result, kind = info.kind, count = reduced.count](Value value) {
    if (kind == ReductionKind::kMean)
      value = builder_.op(ScalarOp::kDivide, {value, builder_.cast(count, accumulator)}, accumulator);
    return builder_.cast(value, result);
  };
  return fold;
}

/// A row of one operand, of whatever dtype it has.
Value ArrayLowering::apply(ScalarOp op, Value operand) {
  types::TypeTable& types = builder_.universe().types;
  std::optional<ops::Resolution> resolution =
      ops::resolve(op, std::array{ops::OperandType{.dtype = function_.type_data(operand).dtype, .weak = false}});
  METATE_ASSERT(resolution.has_value());
  operand = builder_.cast(operand, types.scalar(resolution->operands[0]));
  return builder_.op(op, {operand}, types.scalar(resolution->result));
}

/// The place among the elements that one result is made of, in C order.
Value ArrayLowering::position(const Reduced& reduced, std::span<const Value> indices) {
  if (indices.size() < reduced.shape.size()) return indices[0];  // of a flat form
  Value position = builder_.constant_int(0);
  for (size_t axis = 0; axis < indices.size(); ++axis)
    if (reduced.is_reduced[axis])
      position = whole::add(builder_, whole::multiply(builder_, position, reduced.shape[axis]), indices[axis]);
  return position;
}

PositionFold ArrayLowering::position_fold(Value source, const Reduced& reduced) {
  ScalarOp before = ops::info(reduced.function).combine;
  Reduced extremes = reduced;
  extremes.function = before == ScalarOp::kComesBeforeMinimum ? ReductionId::kMin : ReductionId::kMax;
  Fold fold = fold_elements(source, extremes, {});
  return {.extreme = {.before = before, .combine = fold.combine, .neutral = fold.initial},
          .element = [element = fold.element](ElementCode& code) { return element(code, {}); }};
}

/// argmin and argmax of rows whose elements follow each other in one axis: all elements, or the last axis.
bool ArrayLowering::positions_in_rows(Value result, const Reduced& reduced, Value source, std::span<const Value> read) {
  bool one = whole::is(function_, reduced.results, 1);
  if (!one && (std::ranges::count(reduced.is_reduced, true) != 1 || !reduced.is_reduced.back() ||
               layout_of(read) != types::Layout::kC))
    return false;
  if (!one) {
    PositionFold fold = position_fold(source, reduced);
    Value target = builder_.emit_value(Opcode::kAlloc, 0, reduced.result_shape, function_.type(result));
    extents_.define(result, reduced.result_shape);
    positions_into(target, fold, reduced, read);
    replace_value(result, target);
    return true;
  }
  std::optional<Value> position = position_of_all(position_fold(source, reduced), reduced, read);
  if (!position) return false;
  if (!is_array(result)) {
    replace_value(result, builder_.cast(*position, function_.type(result)));
    return true;
  }
  Value target = builder_.emit_value(Opcode::kAlloc, 0, reduced.result_shape, function_.type(result));
  extents_.define(result, reduced.result_shape);
  std::vector<Value> place(reduced.result_shape.size(), builder_.constant_int(0));
  builder_.store(builder_.cast(*position, builder_.universe().types.scalar(DType::kI64)), target, place);
  replace_value(result, target);
  return true;
}

/// argmin and argmax of anything else in two passes, each of which runs in vectors: the least element, then the first
/// place where none comes before it. So nan comes first, and the first of equals.
Fold ArrayLowering::fold_positions(Value source, Reduced& reduced, std::vector<Value>& read) {
  types::TypeTable& types = builder_.universe().types;
  ScalarOp before = ops::info(reduced.function).combine;
  Reduced extremes = reduced;
  extremes.function = before == ScalarOp::kComesBeforeMinimum ? ReductionId::kMin : ReductionId::kMax;
  extremes.keepdims = true;
  Fold least = fold_elements(source, extremes, {});
  bool all = whole::is(function_, reduced.results, 1);
  Value extreme;
  if (all) {
    extreme = fold_all(least, extremes, read);
  } else {
    Shape shape = reduced.shape;
    for (size_t axis = 0; axis < shape.size(); ++axis)
      if (reduced.is_reduced[axis]) shape[axis] = builder_.constant_int(1);
    extreme = builder_.emit_value(
        Opcode::kAlloc, 0, shape,
        types.array(function_.type_data(source).dtype, static_cast<int>(shape.size()), types::Layout::kC));
    extremes.result_shape = shape;
    fold_into(extreme, least, extremes, read);
    read.push_back(extreme);
  }
  reduced.needs_positions = true;
  Fold fold{.combine = ScalarOp::kMinimum,
            .initial = builder_.cast(reduced.count, types.scalar(DType::kI64)),
            .element = {},
            .finish = {}};
  fold.element = [this, source, extreme, before, &types, reduced](ElementCode& code, std::span<const Value> indices) {
    Value later = builder_.op(before, {code(extreme), code(source)}, types.scalar(DType::kBool));
    Value place = builder_.op(ScalarOp::kSelect, {later, reduced.count, position(reduced, indices)}, types.weak_int());
    return builder_.cast(place, types.scalar(DType::kI64));
  };
  fold.finish = [](Value value) { return value; };
  return fold;
}

}  // namespace metate::transform
