// machine_elementwise – whole arrays under interpretation: rows with broadcasting, casts, assignment.
#include "compiler/ir/interpret/machine.h"
#include "compiler/ops/fold.h"

namespace metate::ir {

using types::Scalar;

namespace {

void write_elements(const Array& array, std::span<const Scalar> elements) {
  size_t next = 0;
  for_each_index(array.shape, [&](std::span<const int64_t> index) {
    types::store(elements[next++], element(array, index));
    return true;
  });
}

std::string shapes_text(std::span<const Shape> shapes) {
  std::string text;
  for (const Shape& shape : shapes) text += shape_text(shape) + " ";
  return text;
}

}  // namespace

/// Numbers are of shape ().
std::vector<Shape> Machine::shapes_of(std::span<const Value> operands) {
  std::vector<Shape> shapes;
  for (Value operand : operands) {
    bool is_array = function_.type_data(operand).kind == types::TypeKind::kArray;
    shapes.push_back(is_array ? array(operand).shape : Shape());
  }
  return shapes;
}

/// The elements of a row's result in row-major order. Everything is read before anything is written, so results may
/// go to memory that operands share.
std::vector<Scalar> Machine::compute(Inst inst, std::span<const Value> operands, const Shape& shape) {
  auto op = static_cast<ops::ScalarOp>(function_.inst(inst).imm);
  std::vector<Array> arrays;
  std::vector<Scalar> numbers;  // those of operands that are arrays are replaced for each element
  for (Value operand : operands) {
    bool is_array = function_.type_data(operand).kind == types::TypeKind::kArray;
    arrays.push_back(is_array ? stretch(array(operand), shape) : Array());
    numbers.push_back(is_array ? Scalar() : scalar(operand));
  }
  std::vector<Scalar> results;
  if (refused()) return results;
  for_each_index(shape, [&](std::span<const int64_t> index) {
    for (size_t i = 0; i < operands.size(); ++i)
      if (arrays[i].data) numbers[i] = types::load(function_.type_data(operands[i]).dtype, element(arrays[i], index));
    results.push_back(ops::evaluate(op, numbers));
    return interpreter_.step();
  });
  if (interpreter_.steps() > interpreter_.options().max_steps) doubt("too many steps");
  return results;
}

/// The shape that the operands have together; where there is none, `otherwise` says how it goes on.
std::optional<Shape> Machine::common_shape(Inst inst, Flow& otherwise) {
  std::vector<Shape> shapes = shapes_of(function_.operands(inst));
  otherwise = Flow::kRefuse;
  if (refused()) return std::nullopt;
  std::optional<Shape> shape = broadcast(shapes);
  if (!shape)
    otherwise = raise(inst, "builtins.ValueError",
                      "operands could not be broadcast together with shapes " + shapes_text(shapes));
  return shape;
}

Machine::Flow Machine::elementwise(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  Flow otherwise;
  std::optional<Shape> shape = common_shape(inst, otherwise);
  if (!shape) return otherwise;
  std::vector<Scalar> elements = compute(inst, operands, *shape);
  return refused() ? Flow::kRefuse : give_array(inst, *shape, elements);
}

Machine::Flow Machine::map(Inst inst) {
  std::span<const Value> operands = function_.operands(inst);
  Flow flow;
  std::optional<Shape> shape = common_shape(inst, flow);
  if (!shape) return flow;
  std::vector<Array> arrays;
  for (Value operand : operands) {
    bool is_array = function_.type_data(operand).kind == types::TypeKind::kArray;
    arrays.push_back(is_array ? stretch(array(operand), *shape) : Array());
  }
  std::vector<Scalar> results;
  flow = Flow::kNext;
  for_each_index(*shape, [&](std::span<const int64_t> index) {
    std::vector<Datum> arguments;
    for (size_t i = 0; i < operands.size(); ++i) {
      if (arrays[i].data)
        arguments.push_back(types::load(function_.type_data(operands[i]).dtype, element(arrays[i], index)));
      else
        arguments.push_back(datum(operands[i]));
    }
    Datum value;
    flow = call_with(inst, arguments, value);
    if (flow == Flow::kNext && !value.scalar()) flow = refuse("the function of the elements gives no number");
    if (flow == Flow::kNext) results.push_back(*value.scalar());
    return flow == Flow::kNext;
  });
  if (flow != Flow::kNext) return flow;
  return refused() ? Flow::kRefuse : give_array(inst, *shape, results);
}

Machine::Flow Machine::give_array(Inst inst, const Shape& shape, std::span<const Scalar> elements) {
  std::optional<Array> result = allocate(type_of_result(inst), shape);
  if (!result) return raise(inst, "builtins.MemoryError", "");
  write_elements(*result, elements);
  return give(inst, std::move(*result));
}

Machine::Flow Machine::cast_array(Inst inst) {
  Value operand = function_.operands(inst)[0];
  const Array& source = array(operand);
  if (refused()) return Flow::kRefuse;
  std::vector<Scalar> elements = read_elements(source, function_.type_data(operand).dtype);
  for (Scalar& value : elements) value = ops::cast(value, type_of_result(inst).dtype);
  return give_array(inst, source.shape, elements);
}

Machine::Flow Machine::assign(Inst inst) {
  Value destination = function_.operands(inst)[0], source = function_.operands(inst)[1];
  const Array& target = array(destination);
  types::DType dtype = function_.type_data(destination).dtype;
  bool is_array = function_.type_data(source).kind == types::TypeKind::kArray;
  std::vector<Shape> shapes = shapes_of(std::array{source});
  if (refused()) return Flow::kRefuse;
  std::vector<Scalar> elements;
  if (!is_array) {
    elements.assign(static_cast<size_t>(element_count(target.shape).value_or(0)), scalar(source));
  } else {
    Shape shape = shapes[0];
    // NumPy lets leading axes of extent 1 go.
    while (shape.size() > target.shape.size() && shape[0] == 1) shape.erase(shape.begin());
    Array from = array(source);
    from.strides.erase(from.strides.begin(),
                       from.strides.begin() + static_cast<ptrdiff_t>(from.shape.size() - shape.size()));
    from.shape = shape;
    if (broadcast(std::array{shape, target.shape}) != target.shape)
      return raise(inst, "builtins.ValueError",
                   "could not broadcast input array from shape " + shape_text(shapes[0]) + " into shape " +
                       shape_text(target.shape));
    elements = read_elements(stretch(from, target.shape), function_.type_data(source).dtype);
  }
  if (refused()) return Flow::kRefuse;
  for (Scalar& value : elements) value = ops::cast(value, dtype);
  write_elements(target, elements);
  return Flow::kNext;
}

Machine::Flow Machine::op_out(Inst inst) {
  Value out = function_.operands(inst)[0];
  std::span<const Value> operands = function_.operands(inst).subspan(1);
  const Array& target = array(out);
  std::vector<Shape> shapes = shapes_of(operands);
  if (refused()) return Flow::kRefuse;
  shapes.push_back(target.shape);
  std::optional<Shape> shape = broadcast(shapes);
  if (!shape)
    return raise(inst, "builtins.ValueError",
                 "operands could not be broadcast together with shapes " + shapes_text(shapes));
  if (*shape != target.shape)
    return raise(inst, "builtins.ValueError",
                 "non-broadcastable output operand with shape " + shape_text(target.shape) +
                     " doesn't match the broadcast shape " + shape_text(*shape));
  std::vector<Scalar> elements = compute(inst, operands, target.shape);
  if (refused()) return Flow::kRefuse;
  for (Scalar& value : elements) value = ops::cast(value, function_.type_data(out).dtype);
  write_elements(target, elements);
  return Flow::kNext;
}

}  // namespace metate::ir
