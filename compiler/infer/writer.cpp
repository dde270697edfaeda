#include "compiler/infer/writer.h"

#include <algorithm>

#include "compiler/infer/fold.h"

namespace metate::infer {
namespace {

bool all_valid(std::span<const Value> values) {
  return std::all_of(values.begin(), values.end(), [](Value value) { return value.valid(); });
}

}  // namespace

bool Writer::is_integer(Value value) {
  return is_scalar(value) && (types::is_integer(type(value).dtype) || type(value).dtype == DType::kBool);
}

const types::Constant* Writer::constant(Value value) {
  ConstantId id = function().constant(value);
  return id ? &universe().constants[id] : nullptr;
}

std::optional<int64_t> Writer::constant_integer(Value value) {
  const types::Constant* constant = this->constant(value);
  if (!constant) return std::nullopt;
  bool integer = constant->kind == types::ConstantKind::kInt || constant->kind == types::ConstantKind::kBool ||
                 (constant->kind == types::ConstantKind::kScalar && types::is_integer(constant->dtype));
  return integer ? std::optional(constant->integer) : std::nullopt;
}

Value Writer::emit(ir::Opcode opcode, uint32_t imm, std::span<const Value> operands, TypeId result) {
  if (!all_valid(operands)) return {};
  return builder_.emit_value(opcode, imm, operands, result);
}

Value Writer::op(ScalarOp op, std::span<const Value> values, TypeId result) {
  if (!all_valid(values)) return {};
  std::vector<ConstantId> constants;
  for (Value value : values) constants.push_back(function().constant(value));
  if (std::optional<ConstantId> folded = fold_op(op, constants, result, universe())) return constant(*folded);
  return emit(ir::Opcode::kOp, static_cast<uint32_t>(op), values, result);
}

Value Writer::cast(Value value, TypeId type) {
  if (!value || type_id(value) == type) return value;
  if (ConstantId id = function().constant(value))
    if (std::optional<ConstantId> folded = fold_cast(id, type, universe())) return constant(*folded);
  return emit(ir::Opcode::kCast, 0, {value}, type);
}

Value Writer::tuple(std::span<const Value> elements) {
  if (!all_valid(elements)) return {};
  std::vector<TypeId> element_types;
  std::vector<ConstantId> constants;
  for (Value element : elements) {
    element_types.push_back(type_id(element));
    if (ConstantId id = function().constant(element)) constants.push_back(id);
  }
  if (constants.size() == elements.size()) return constant(universe().constants.tuple(std::move(constants)));
  return structure(types().tuple(std::move(element_types)), elements);
}

Value Writer::structure(TypeId type, std::span<const Value> elements) {
  return emit(ir::Opcode::kTuple, 0, elements, type);
}

Value Writer::element(Value structure, size_t index) {
  if (!structure) return {};
  METATE_ASSERT(index < type(structure).elements.size());
  if (ir::Inst inst = function().defining_inst(structure); inst && function().inst(inst).opcode == ir::Opcode::kTuple)
    return function().operands(inst)[index];
  if (const types::Constant* tuple = constant(structure)) return constant(tuple->elements[index]);
  return emit(ir::Opcode::kTupleGet, static_cast<uint32_t>(index), {structure}, type(structure).elements[index]);
}

Value Writer::dim(Value array, size_t axis) {
  return emit(ir::Opcode::kDim, static_cast<uint32_t>(axis), {array}, types().weak_int());
}

ir::Block Writer::new_block() {
  const ir::BlockData& current = function().block(builder_.block());
  ir::Block handler = current.handler;
  ir::Block block = function().add_block(current.region);
  function().block(block).handler = handler;
  return block;
}

void Writer::check(Value condition, std::string_view exception, std::string_view text,
                   std::span<const Value> operands) {
  if (!condition || !all_valid(operands) || constant_integer(condition) == 1) return;
  builder_.check(condition, ir::message_of(universe(), exception, text), operands);
}

bool Writer::in_nest() {
  return in_nest_ || function().region(function().block(builder_.block()).region).owner.valid();
}

support::Location Writer::location() {
  const ir::SourcePlace& place = function().sources[builder_.source()];
  auto name = [&](ir::Symbol symbol) { return symbol ? std::string(universe().symbols.name(symbol)) : std::string(); };
  return {name(place.file), name(place.function ? place.function : function().name), place.range};
}

Value Writer::error(MessageId id, std::vector<std::string> arguments) {
  if (!failure_) failure_ = Failure{id, std::move(arguments)};
  return {};
}

Value Writer::error_reported() {
  if (!failure_) failure_ = Failure{};
  return {};
}

Value Writer::wait_for_callee() {
  waits_ = true;
  return {};
}

}  // namespace metate::infer
