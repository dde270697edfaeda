// machine_array_functions – the array functions that inference leaves, under interpretation: zeros, full, arange, copy,
// dot.
#include <algorithm>

#include "compiler/ir/interpret/machine.h"
#include "compiler/ops/array_function.h"
#include "compiler/ops/fold.h"

namespace metate::ir {

using types::DType;
using types::Scalar;

Machine::Flow Machine::array_function(Inst inst) {
  if (function_.results(inst).size() != 1) return refuse("the interpreter does not know this form");
  switch (static_cast<ops::ArrayFunction>(function_.inst(inst).imm)) {
    case ops::ArrayFunction::kZeros:
      return zeros(inst);
    case ops::ArrayFunction::kFull:
      return full(inst);
    case ops::ArrayFunction::kArange:
      return arange(inst);
    case ops::ArrayFunction::kCopy:
      return cast_array(inst);  // to its own dtype
    case ops::ArrayFunction::kDot:
      return dot(inst);
    default:  // made of these, of views, alloc, assign and op by inference
      return refuse("the interpreter does not know this array function");
  }
}

Machine::Flow Machine::give_filled(Inst inst, std::span<const Value> extents, const Scalar& value) {
  Shape shape = integers(extents);
  if (refused()) return Flow::kRefuse;
  std::optional<Array> result = allocate(type_of_result(inst), shape);
  if (!result) return raise(inst, "builtins.MemoryError", "");
  for_each_index(shape, [&](std::span<const int64_t> index) {
    types::store(value, element(*result, index));
    return true;
  });
  return give(inst, std::move(*result));
}

Machine::Flow Machine::zeros(Inst inst) {
  return give_filled(inst, function_.operands(inst), Scalar::of(type_of_result(inst).dtype, 0));
}

Machine::Flow Machine::full(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  if (operands.empty()) return refuse("the value is missing");
  Scalar value = scalar(operands.back());
  return give_filled(inst, operands.first(operands.size() - 1), value);
}

/// Element k is start + k * step; for integers the same as to add step by step, for floats more exact.
Machine::Flow Machine::arange(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  if (operands.size() != 3) return refuse("arange takes extent, start and step");
  int64_t extent = integer(operands[0]);
  Scalar start = scalar(operands[1]), step = scalar(operands[2]);
  if (refused()) return Flow::kRefuse;
  std::vector<Scalar> elements;
  for (int64_t k = 0; k < extent; ++k) {
    if (!interpreter_.step()) return refuse("too many steps");
    Scalar distance = ops::evaluate(ops::ScalarOp::kMultiply, {Scalar::of(start.dtype, k), step});
    elements.push_back(ops::evaluate(ops::ScalarOp::kAdd, {start, distance}));
  }
  return give_array(inst, Shape{std::max<int64_t>(extent, 0)}, elements);
}

/// The last axis of the left array with the first but one (or only) axis of the right one, products added in order.
Machine::Flow Machine::dot(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  if (operands.size() != 2) return refuse("dot takes two arrays");
  Array left = array(operands[0]), right = array(operands[1]);
  if (refused()) return Flow::kRefuse;
  DType dtype = function_.type_data(operands[0]).dtype;
  size_t rows = left.shape.size() - 1, columns = right.shape.size() - 1;  // 0 or 1 axes that stay
  if (left.shape.empty() || right.shape.empty() || rows > 1 || columns > 1) return refuse("vectors and matrices only");
  int64_t terms = left.shape[rows];
  if (right.shape[0] != terms) return refuse("the extents do not fit");

  Shape shape;
  if (rows) shape.push_back(left.shape[0]);
  if (columns) shape.push_back(right.shape[1]);
  std::vector<Scalar> elements;
  for_each_index(shape, [&](std::span<const int64_t> index) {
    Array row{left.data + (rows ? index[0] * left.strides[0] : 0), nullptr, {terms}, {left.strides[rows]}};
    Array column{right.data + (columns ? index[rows] * right.strides[1] : 0), nullptr, {terms}, {right.strides[0]}};
    std::vector<Scalar> x = read_elements(row, dtype), y = read_elements(column, dtype);
    Scalar sum = Scalar::of(dtype, 0);
    for (size_t i = 0; i < x.size() && interpreter_.step(); ++i)
      sum = ops::evaluate(ops::ScalarOp::kAdd, {sum, ops::evaluate(ops::ScalarOp::kMultiply, {x[i], y[i]})});
    elements.push_back(sum);
    return interpreter_.step();
  });
  if (interpreter_.steps() > interpreter_.options().max_steps) return refuse("too many steps");
  return is_array(inst) ? give_array(inst, shape, elements) : give(inst, elements[0]);
}

}  // namespace metate::ir
