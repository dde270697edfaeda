#include "compiler/transform/arrays/array_lowering.h"

namespace metate::transform {

using ir::Inst;
using ir::Opcode;
using ir::Value;

bool ArrayLowering::replace(Inst inst) {
  const size_t nests = function_.nests.size();
  const bool is_replaced = lower(inst);
  if (is_replaced) explain_nests(inst, nests);
  return is_replaced;
}

/// The nests from `first` on, which were made of an instruction: those that no other of them contains say why the
/// results are in an array.
void ArrayLowering::explain_nests(Inst inst, size_t first) {
  const FusionObstacle obstacle = expressions_.obstacle(inst);
  if (!obstacle) return;
  const support::Symbol reason = function_.universe().symbols.intern(text_of(function_, obstacle));
  for (size_t i = first; i < function_.nests.size(); ++i) {
    const Inst nest = function_.region(function_.nests[i].body).owner;
    const Inst around = function_.region(function_.block(function_.inst(nest).block).region).owner;
    if (!around || function_.inst(around).imm < first) function_.nests[i].unfused = reason;
  }
}

bool ArrayLowering::lower(Inst inst) {
  switch (function_.inst(inst).opcode) {
    case Opcode::kDim:
      return lower_dim(inst);
    case Opcode::kOp:
    case Opcode::kCast:
    case Opcode::kMap:
      if (!is_array_expression(function_, inst)) return false;
      lower_expression(inst);
      return true;
    case Opcode::kAssign:
      lower_assign(inst);
      return true;
    case Opcode::kOpOut:
      lower_op_out(inst);
      return true;
    case Opcode::kReduce:
      lower_reduce(inst);
      return true;
    default:
      return false;
  }
}

/// Extents of results are known; those of fused ones cannot be asked from anything.
bool ArrayLowering::lower_dim(Inst inst) {
  Value array = function_.operands(inst)[0];
  Inst source = function_.defining_inst(array);
  bool is_replaced =
      source && (is_array_expression(function_, source) || function_.inst(source).opcode == Opcode::kReduce);
  if (!is_replaced) return false;
  replace_value(function_.result(inst), extents_.of(array, function_.inst(inst).imm));
  return true;
}

std::vector<Shape> ArrayLowering::operand_shapes(std::span<const Value> operands) {
  std::vector<Value> values(operands.begin(), operands.end());  // `dim`s may be added to their pool
  std::vector<Shape> shapes;
  for (Value value : values) shapes.push_back(is_array(value) ? extents_.of(value) : Shape());
  return shapes;
}

ElementArrays ArrayLowering::element_arrays(Value target, const Shape& shape, std::vector<Value> read) {
  read.push_back(target);
  return ElementArrays(builder_, extents_, shape, std::move(read));
}

void ArrayLowering::write_elements(ElementArrays& elements, ElementForm form, Value target, const Element& element) {
  ElementViews views = elements.prepare(form);
  auto write = [&](std::span<const Value> indices) {
    ElementCode code(builder_, expressions_, views.at(indices));
    Value value = element(code);
    store_element(builder_, value, code.access(target));
  };
  if (views.extents().empty()) return write({});
  types::Layout layout = function_.type_data(target).layout;
  NestWriter nest(builder_, {.mode = ir::NestMode::kParallel, .independent = true}, views.extents(),
                  axes_as_they_lie(views.extents().size(), layout));
  write(nest.indices());
  nest.close();
}

void ArrayLowering::in_versions(ElementArrays& elements, const std::function<void(ElementForm)>& write) {
  either(elements.aligned(), [&] { write(elements.aligned_form()); }, [&] { write(ElementForm::kBroadcast); });
}

void ArrayLowering::either(Value condition, const std::function<void()>& if_true,
                           const std::function<void()>& if_false) {
  if (!condition) return if_true();
  ir::Block fast = new_block(), slow = new_block();
  builder_.branch(condition, fast, {}, slow, {});
  builder_.position(fast);
  if_true();
  ir::Block after_fast = builder_.block();
  builder_.position(slow);
  if_false();
  ir::Block behind = new_block();
  builder_.jump(behind);
  builder_.position(after_fast);
  builder_.jump(behind);
  builder_.position(behind);
}

Value ArrayLowering::either(Value condition, TypeId type, const std::function<Value()>& if_true,
                            const std::function<Value()>& if_false) {
  if (!condition) return if_true();
  ir::Block fast = new_block(), slow = new_block();
  builder_.branch(condition, fast, {}, slow, {});
  builder_.position(fast);
  Value first = if_true();
  ir::Block after_fast = builder_.block();
  builder_.position(slow);
  Value second = if_false();
  ir::Block behind = new_block();
  Value result = function_.add_param(behind, type);
  builder_.jump(behind, std::array{second});
  builder_.position(after_fast);
  builder_.jump(behind, std::array{first});
  builder_.position(behind);
  return result;
}

}  // namespace metate::transform
