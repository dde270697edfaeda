#include "compiler/ir/function.h"

namespace metate::ir {

Function::Function(Universe& universe, Symbol name) : name(name), universe_(&universe) {
  return_type = universe.types.unknown();
  sources.push_back({});  // source 0: unknown
  regions_.add({});
}

ConstantId Function::constant(Value id) const {
  Inst inst = defining_inst(id);
  if (inst && insts_[inst].opcode == Opcode::kConst) return ConstantId(insts_[inst].imm);
  if (const types::Type& type = type_data(id); type.kind == types::TypeKind::kConstant) return type.constant;
  return ConstantId();
}

Region Function::add_region(Inst owner) { return regions_.add({.blocks = {}, .owner = owner}); }

Block Function::add_block(Region region) {
  Block block = blocks_.add({.params = {}, .insts = {}, .handler = {}, .region = region});
  regions_[region].blocks.push_back(block);
  return block;
}

Value Function::add_param(Block block, TypeId type, Symbol name) {
  auto index = static_cast<uint32_t>(blocks_[block].params.size());
  Value value = values_.add({type, name, true, block.index(), index});
  blocks_[block].params.push_back(value);
  return value;
}

PoolRange Function::add_values(std::span<const Value> values) {
  PoolRange range{static_cast<uint32_t>(pool_.size()), static_cast<uint32_t>(values.size())};
  // The values may lie in the pool itself, which grows here.
  std::vector<Value> copy(values.begin(), values.end());
  pool_.insert(pool_.end(), copy.begin(), copy.end());
  return range;
}

void Function::set_operands(Inst id, std::span<const Value> operands) {
  PoolRange range = add_values(operands);
  insts_[id].operands = range;
}

Inst Function::make_inst(Opcode opcode, uint32_t imm, std::span<const Value> operands, std::span<const TypeId> results,
                         std::span<const BlockCall> targets, uint32_t source) {
  PoolRange operand_range = add_values(operands);
  PoolRange target_range{static_cast<uint32_t>(targets_.size()), static_cast<uint32_t>(targets.size())};
  targets_.insert(targets_.end(), targets.begin(), targets.end());

  Inst inst = insts_.add({opcode, imm, operand_range, {}, target_range, source, Block()});
  std::vector<Value> values;
  for (uint32_t i = 0; i < results.size(); ++i)
    values.push_back(values_.add({results[i], Symbol(), false, inst.index(), i}));
  insts_[inst].results = add_values(values);
  return inst;
}

std::string_view to_text(NestMode mode) {
  switch (mode) {
    case NestMode::kSerial:
      return "serial";
    case NestMode::kParallel:
      return "parallel";
    case NestMode::kDevice:
      return "device";
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::ir
