// machine_reduce – reductions of whole arrays under interpretation, element after element in row-major order.
//
// Sums of floats are rounded in that order. The loop stage cuts them into lanes (architecture, decision 10), so there
// the last digits may differ; everything else is exact.
#include <algorithm>

#include "compiler/ir/interpret/machine.h"
#include "compiler/ops/fold.h"
#include "compiler/ops/reduction.h"
#include "compiler/ops/resolve.h"

namespace metate::ir {

using types::DType;
using types::Scalar;

namespace {

/// The index of the first element that comes before all others.
Scalar position(ops::ScalarOp comes_before, std::span<const Scalar> elements) {
  size_t best = 0;
  for (size_t i = 1; i < elements.size(); ++i)
    if (ops::evaluate(comes_before, {elements[i], elements[best]}).truth()) best = i;
  return Scalar::integer(DType::kI64, static_cast<int64_t>(best));
}

Scalar mapped(std::optional<ops::ScalarOp> map, const Scalar& element) {
  if (!map) return element;
  std::optional<ops::Resolution> loop = ops::resolve(*map, std::array{ops::OperandType{element.dtype}});
  return ops::evaluate(*map, {ops::cast(element, loop ? loop->operands[0] : element.dtype)});
}

/// The result for the elements, of which there is one where there has to be.
Scalar reduced(ops::ReductionId id, DType element, std::span<const Scalar> elements, std::optional<Scalar> initial) {
  const ops::ReductionInfo& row = ops::info(id);
  if (row.kind == ops::ReductionKind::kPosition) return position(row.combine, elements);
  DType dtype = ops::accumulator_dtype(id, element);
  std::optional<Scalar> total = initial ? ops::cast(*initial, dtype) : ops::start_value(id, dtype);
  for (const Scalar& next : elements) {
    Scalar value = ops::cast(mapped(row.map, next), dtype);
    total = total ? ops::evaluate(row.combine, {*total, value}) : value;
  }
  METATE_ASSERT(total.has_value());
  if (row.kind == ops::ReductionKind::kMean)
    total = ops::evaluate(ops::ScalarOp::kDivide, {*total, Scalar::of(dtype, static_cast<int64_t>(elements.size()))});
  return ops::cast(*total, ops::result_dtype(id, element));
}

}  // namespace

Machine::Flow Machine::reduce(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  const Reduction& reduction = function_.reductions[function_.inst(inst).imm];
  auto id = static_cast<ops::ReductionId>(reduction.function);
  const Array& source = array(operands[0]);
  DType dtype = function_.type_data(operands[0]).dtype;
  std::optional<Scalar> initial = operands.size() > 1 ? std::optional(scalar(operands[1])) : std::nullopt;
  if (refused()) return Flow::kRefuse;

  // The axes that stay, and those that become one element.
  Array kept{source.data, source.owner, {}, {}}, folded = kept;
  Shape shape;
  for (size_t axis = 0; axis < source.shape.size(); ++axis) {
    bool is_folded = reduction.axes.empty() || std::ranges::find(reduction.axes, axis) != reduction.axes.end();
    Array& side = is_folded ? folded : kept;
    side.shape.push_back(source.shape[axis]);
    side.strides.push_back(source.strides[axis]);
    if (!is_folded || reduction.keepdims) shape.push_back(is_folded ? 1 : source.shape[axis]);
  }

  // Without an element for a result there is an error, even if there is no result.
  bool needs_element = !initial && ops::info(id).start.value == ops::Neutral::kNone;
  bool empty = needs_element && std::ranges::find(folded.shape, 0) != folded.shape.end();
  if (empty) return raise(inst, "builtins.ValueError", std::string(ops::info(id).start.empty_message));

  std::vector<Scalar> results;
  for_each_index(kept.shape, [&](std::span<const int64_t> index) {
    folded.data = element(kept, index);
    std::vector<Scalar> elements = read_elements(folded, dtype);
    results.push_back(reduced(id, dtype, elements, initial));
    return interpreter_.step();
  });
  if (interpreter_.steps() > interpreter_.options().max_steps) return refuse("too many steps");
  return is_array(inst) ? give_array(inst, shape, results) : give(inst, results[0]);
}

}  // namespace metate::ir
