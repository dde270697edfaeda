#include "compiler/ir/builder.h"

#include <array>

namespace metate::ir {

bool Builder::terminated() const {
  Inst last = function_.terminator(block_);
  return last && info(function_.inst(last).opcode).is_terminator();
}

Inst Builder::append(Inst inst) {
  METATE_ASSERT(!terminated());
  function_.inst(inst).block = block_;
  function_.block(block_).insts.push_back(inst);
  return inst;
}

Inst Builder::emit(Opcode opcode, uint32_t imm, std::span<const Value> operands, std::span<const TypeId> results) {
  return append(function_.make_inst(opcode, imm, operands, results, {}, source_));
}

Value Builder::emit_value(Opcode opcode, uint32_t imm, std::span<const Value> operands, TypeId result) {
  return function_.result(emit(opcode, imm, operands, std::array{result}));
}

Value Builder::constant(ConstantId id) { return emit_value(Opcode::kConst, id.index(), {}, universe().type_of(id)); }

Value Builder::cast(Value value, TypeId type) {
  if (function_.type(value) == type) return value;
  return emit_value(Opcode::kCast, 0, {value}, type);
}

Value Builder::dim(Value array, uint32_t axis) {
  return emit_value(Opcode::kDim, axis, {array}, universe().types.weak_int());
}

Value Builder::load(Value array, std::span<const Value> indices) {
  std::vector<Value> operands{array};
  operands.insert(operands.end(), indices.begin(), indices.end());
  return emit_value(Opcode::kLoad, 0, operands, universe().types.scalar(function_.type_data(array).dtype));
}

void Builder::store(Value value, Value array, std::span<const Value> indices) {
  std::vector<Value> operands{value, array};
  operands.insert(operands.end(), indices.begin(), indices.end());
  emit(Opcode::kStore, 0, operands, {});
}

void Builder::jump(Block target, std::span<const Value> arguments) {
  BlockCall call{target, function_.add_values(arguments)};
  append(function_.make_inst(Opcode::kJump, 0, {}, {}, std::array{call}, source_));
}

void Builder::branch(Value condition, Block if_true, std::span<const Value> true_arguments, Block if_false,
                     std::span<const Value> false_arguments, BranchHint hint) {
  std::array calls{BlockCall{if_true, function_.add_values(true_arguments)},
                   BlockCall{if_false, function_.add_values(false_arguments)}};
  auto immediate = static_cast<uint32_t>(hint);
  append(function_.make_inst(Opcode::kBranch, immediate, std::array{condition}, {}, calls, source_));
}

void Builder::ret(Value value) { emit(Opcode::kReturn, 0, std::array{value}, {}); }
void Builder::yield(std::span<const Value> accumulators) { emit(Opcode::kYield, 0, accumulators, {}); }

void Builder::check(Value condition, Message message, std::span<const Value> values) {
  std::vector<Value> operands{condition};
  operands.insert(operands.end(), values.begin(), values.end());
  emit(Opcode::kCheck, Function::add_to(function_.messages, std::move(message)), operands, {});
}

void Builder::raise(Message message, std::span<const Value> values) {
  emit(Opcode::kRaise, Function::add_to(function_.messages, std::move(message)), values, {});
}

Inst Builder::nest(NestData data, std::span<const Value> extents, std::span<const Value> initial) {
  METATE_ASSERT(extents.size() == data.rank && initial.size() == data.reductions.size());
  std::vector<Value> operands(extents.begin(), extents.end());
  operands.insert(operands.end(), initial.begin(), initial.end());
  std::vector<TypeId> results;
  for (Value value : initial) results.push_back(function_.type(value));

  uint32_t index = Function::add_to(function_.nests, std::move(data));
  Inst inst = emit(Opcode::kNest, index, operands, results);
  Region body = function_.add_region(inst);
  function_.nests[index].body = body;
  Block entry = function_.add_block(body);
  for (size_t i = 0; i < extents.size(); ++i) function_.add_param(entry, universe().types.weak_int());
  for (TypeId type : results) function_.add_param(entry, type);
  return inst;
}

}  // namespace metate::ir
