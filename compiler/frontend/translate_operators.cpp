// translate_operators – attributes, subscripts, operators and displays.
#include "compiler/frontend/translator.h"

namespace metate::frontend {
namespace {

using bytecode::BinaryOperator;
using bytecode::UnaryOperator;
using ir::PyOperator;

PyOperator operator_of(UnaryOperator op) {
  switch (op) {
    case UnaryOperator::kPositive:
      return PyOperator::kPositive;
    case UnaryOperator::kNegative:
      return PyOperator::kNegative;
    case UnaryOperator::kInvert:
      return PyOperator::kInvert;
    case UnaryOperator::kNot:
      return PyOperator::kNot;
  }
  METATE_UNREACHABLE();
}

PyOperator operator_of(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kAdd:
      return PyOperator::kAdd;
    case BinaryOperator::kAnd:
      return PyOperator::kAnd;
    case BinaryOperator::kFloorDivide:
      return PyOperator::kFloorDivide;
    case BinaryOperator::kLeftShift:
      return PyOperator::kLeftShift;
    case BinaryOperator::kMatrixMultiply:
      return PyOperator::kMatMultiply;
    case BinaryOperator::kMultiply:
      return PyOperator::kMultiply;
    case BinaryOperator::kRemainder:
      return PyOperator::kRemainder;
    case BinaryOperator::kOr:
      return PyOperator::kOr;
    case BinaryOperator::kPower:
      return PyOperator::kPower;
    case BinaryOperator::kRightShift:
      return PyOperator::kRightShift;
    case BinaryOperator::kSubtract:
      return PyOperator::kSubtract;
    case BinaryOperator::kTrueDivide:
      return PyOperator::kTrueDivide;
    case BinaryOperator::kXor:
      return PyOperator::kXor;
  }
  METATE_UNREACHABLE();
}

/// Constants whose attributes are frozen with them. Those of numbers, strings, tuples and arrays are left to inference.
bool has_frozen_attributes(types::ConstantKind kind) {
  using enum types::ConstantKind;
  return kind == kModule || kind == kEntity || kind == kDType || kind == kCallee || kind == kException ||
         kind == kObject;
}

}  // namespace

void Translator::load_attribute(const Instruction& instruction) {
  const std::string& name = input_.code.names[instruction.operand];
  ir::Value object = stack_.pop();
  const types::Constant* constant = constant_of(object);
  if (constant != nullptr && has_frozen_attributes(constant->kind)) {
    types::ConstantId attribute = environment_.attribute(function_.constant(object), name);
    if (attribute) {
      ir::Value value = builder_.constant(attribute);
      forbid_object(value, name);
      return stack_.push(value);
    }
    if (constant->kind == types::ConstantKind::kModule) {
      std::string module = "module '" + std::string(universe_.symbols.name(constant->symbol)) + "'";
      fail(support::MessageId::kUnknownAttribute, instruction.range, {module, name});
      return;
    }
  }
  stack_.push(emit(ir::Opcode::kPyGetAttr, symbol(name).index(), {object}));
}

void Translator::store_attribute(const Instruction& instruction) {
  ir::Value object = stack_.pop();
  ir::Value value = stack_.pop();
  builder_.emit(ir::Opcode::kPySetAttr, symbol(input_.code.names[instruction.operand]).index(),
                std::array{object, value}, {});
}

void Translator::load_subscript() {
  ir::Value index = stack_.pop();
  ir::Value object = stack_.pop();
  stack_.push(emit(ir::Opcode::kPyGetItem, 0, {object, index}));
}

void Translator::store_subscript() {
  ir::Value index = stack_.pop();
  ir::Value object = stack_.pop();
  ir::Value value = stack_.pop();
  builder_.emit(ir::Opcode::kPySetItem, 0, std::array{object, index, value}, {});
}

// An augmented assignment x[i:j] += y makes one slice before 3.12, two equal ones since then: one in any case here.
void Translator::build_slice(uint32_t count) {
  if (count != 2 && count != 3) return malformed("a slice of neither two nor three parts");
  std::vector<ir::Value> parts = stack_.pop(count);
  ir::Value& slice = slices_[parts];
  if (!slice) {
    std::vector<ir::Value> all = parts;
    if (count == 2) all.push_back(builder_.constant_none());
    slice = emit(ir::Opcode::kPySlice, 0, all);
  }
  stack_.push(slice);
}

void Translator::unary(UnaryOperator op) {
  stack_.push(emit(ir::Opcode::kPyUnary, static_cast<uint32_t>(operator_of(op)), {stack_.pop()}));
}

void Translator::binary(ir::Opcode opcode, BinaryOperator op) {
  ir::Value right = stack_.pop();
  ir::Value left = stack_.pop();
  if (op == BinaryOperator::kAdd && is_text(left) && is_text(right))
    return stack_.push(format(std::array{left, right}));
  if (op == BinaryOperator::kRemainder) {
    if (std::optional<ir::Value> text = percent_format(left, right)) return stack_.push(*text);
  }
  stack_.push(emit(opcode, static_cast<uint32_t>(operator_of(op)), {left, right}));
}

void Translator::compare(PyOperator op) {
  ir::Value right = stack_.pop();
  ir::Value left = stack_.pop();
  stack_.push(emit(ir::Opcode::kPyCompare, static_cast<uint32_t>(op), {left, right}));
}

void Translator::build_tuple(uint32_t count) {
  std::vector<ir::Value> elements = stack_.pop(count);
  stack_.push(emit(ir::Opcode::kTuple, 0, elements));
}

void Translator::build_list(uint32_t count) {
  std::vector<ir::Value> elements = stack_.pop(count);
  stack_.push(emit(ir::Opcode::kPyList, 0, elements));
}

std::optional<std::vector<ir::Value>> Translator::list_items(ir::Value list) const {
  if (opcode_of(list) != ir::Opcode::kPyList) return std::nullopt;
  std::span<const ir::Value> items = function_.operands(function_.defining_inst(list));
  return std::vector(items.begin(), items.end());
}

// Lists are extended while a display or the arguments of a call are put together, never later: a longer list takes
// the place of the first one.
void Translator::append_to_list(uint32_t place) {
  ir::Value item = stack_.pop();
  std::optional<std::vector<ir::Value>> items = list_items(stack_.peek(place));
  if (!items) return unsupported("an item behind a starred one");
  items->push_back(item);
  stack_.replace(place, emit(ir::Opcode::kPyList, 0, *items));
}

void Translator::extend_list(uint32_t place) {
  ir::Value added = stack_.pop();
  std::optional<std::vector<ir::Value>> items = list_items(stack_.peek(place));
  if (!items) return unsupported("an item behind a starred one");
  const types::Constant* constant = constant_of(added);
  if (constant != nullptr && constant->kind == types::ConstantKind::kTuple) {
    for (types::ConstantId element : std::vector(constant->elements)) items->push_back(builder_.constant(element));
  } else if (opcode_of(added) == ir::Opcode::kTuple) {
    std::span<const ir::Value> elements = function_.operands(function_.defining_inst(added));
    items->insert(items->end(), elements.begin(), elements.end());
  } else {
    ir::Value spread = placeholder("a starred item");
    spreads_[spread] = {std::move(*items), added};
    return stack_.replace(place, spread);
  }
  stack_.replace(place, emit(ir::Opcode::kPyList, 0, *items));
}

void Translator::list_to_tuple() {
  ir::Value list = stack_.pop();
  if (spreads_.contains(list)) return stack_.push(list);
  std::optional<std::vector<ir::Value>> items = list_items(list);
  if (!items) return malformed("a tuple of what is no list");
  stack_.push(emit(ir::Opcode::kTuple, 0, *items));
}

void Translator::unpack(uint32_t count) {
  ir::Value sequence = stack_.pop();
  std::vector<ir::Value> items;
  const types::Constant* constant = constant_of(sequence);
  if (opcode_of(sequence) == ir::Opcode::kTuple) {
    std::span<const ir::Value> elements = function_.operands(function_.defining_inst(sequence));
    items.assign(elements.begin(), elements.end());
  } else if (constant != nullptr && constant->kind == types::ConstantKind::kTuple) {
    for (types::ConstantId element : std::vector(constant->elements)) items.push_back(builder_.constant(element));
  }
  // A wrong number of items is an error when this is run.
  if (items.size() != count || count == 0) {
    ir::Value checked = emit(ir::Opcode::kPyUnpack, count, {sequence});
    items.clear();
    for (uint32_t i = 0; i < count; ++i) items.push_back(emit(ir::Opcode::kTupleGet, i, {checked}));
  }
  for (uint32_t i = count; i-- > 0;) stack_.push(items[i]);
}

void Translator::unpack_starred(uint32_t before, uint32_t after) {
  ir::Value sequence = stack_.pop();
  uint32_t count = before + 1 + after;
  ir::Value parts = emit(ir::Opcode::kPyUnpack, count, {sequence, builder_.constant_int(before)});
  for (uint32_t i = count; i-- > 0;) stack_.push(emit(ir::Opcode::kTupleGet, i, {parts}));
}

}  // namespace metate::frontend
