#include "compiler/ir/edit/clone.h"

#include "compiler/ir/analysis/walk.h"

namespace metate::ir {

Value RegionCloner::operator()(Value value) const {
  Value copy = values_[value];
  return copy ? copy : value;
}

Block RegionCloner::operator()(Block block) const {
  Block copy = blocks_[block];
  return copy ? copy : block;
}

Block RegionCloner::clone(Region region, Region into, Block handler) {
  METATE_ASSERT(&source_.universe() == &target_.universe());
  std::vector<Block> blocks = source_.region(region).blocks;
  clone_blocks(blocks, into, handler);
  connect();
  return (*this)(blocks.front());
}

void RegionCloner::clone(std::span<const Block> blocks, Region into) {
  clone_blocks(blocks, into, Block());
  connect();
}

Inst RegionCloner::clone(Inst inst, Block into) {
  Inst copy = clone_inst(inst, into);
  connect();
  return copy;
}

// Everything is copied first and connected then, since blocks and values are used above their definition too. Lists of
// the source are copied before the target grows: both may be the same function.

void RegionCloner::clone_blocks(std::span<const Block> blocks, Region into, Block handler) {
  for (Block block : blocks) {
    Block copy = target_.add_block(into);
    blocks_[block] = copy;
    std::vector<Value> params = source_.block(block).params;
    for (Value param : params) {
      ValueData data = source_.value(param);
      map(param, target_.add_param(copy, data.type, data.name));
    }
  }
  for (Block block : blocks) {
    Block copy = blocks_[block];
    Block own = source_.block(block).handler;
    target_.block(copy).handler = own ? (*this)(own) : handler;
    std::vector<Inst> insts = source_.block(block).insts;
    for (Inst inst : insts) clone_inst(inst, copy);
  }
}

Inst RegionCloner::clone_inst(Inst inst, Block into) {
  const InstData data = source_.inst(inst);
  std::vector<Value> results(source_.results(inst).begin(), source_.results(inst).end());
  std::vector<TypeId> types;
  for (Value result : results) types.push_back(source_.type(result));
  std::vector<Value> operands(source_.operands(inst).begin(), source_.operands(inst).end());
  std::vector<BlockCall> targets(data.targets.count);
  Inst copy =
      target_.make_inst(data.opcode, clone_immediate(data), operands, types, targets, clone_source(data.source));
  target_.inst(copy).block = into;
  target_.block(into).insts.push_back(copy);
  for (size_t i = 0; i < results.size(); ++i) {
    Value result = target_.results(copy)[i];
    target_.value(result).name = source_.value(results[i]).name;
    map(results[i], result);
  }
  copies_.push_back({inst, copy});
  if (Region body = nest_body(source_, inst)) {
    Region region = target_.add_region(copy);
    target_.nests[target_.inst(copy).imm].body = region;
    std::vector<Block> blocks = source_.region(body).blocks;
    clone_blocks(blocks, region, Block());
  }
  return copy;
}

uint32_t RegionCloner::clone_immediate(const InstData& inst) {
  bool same = &source_ == &target_;
  auto copy = [&](auto pool) { return same ? inst.imm : Function::add_to(target_.*pool, (source_.*pool)[inst.imm]); };
  switch (info(inst.opcode).immediate) {
    case Immediate::kNone:
    case Immediate::kConstant:
    case Immediate::kInteger:
    case Immediate::kSymbol:
    case Immediate::kPyOperator:
    case Immediate::kScalarOp:
    case Immediate::kIndexCheck:
    case Immediate::kArrayFunction:
    case Immediate::kWorkItemQuery:
    case Immediate::kBranchHint:
    case Immediate::kFence:
    case Immediate::kAtomic:
    case Immediate::kGroupOperation:
      return inst.imm;
    case Immediate::kNestData: {  // each nest has its own, with its body
      NestData nest = source_.nests[inst.imm];
      if (nest.obstacle) nest.obstacle_at = clone_source(nest.obstacle_at);
      return Function::add_to(target_.nests, std::move(nest));
    }
    case Immediate::kCallShape:
      return copy(&Function::call_shapes);
    case Immediate::kMessage:
      return copy(&Function::messages);
    case Immediate::kIndexSpec:
      return copy(&Function::index_specs);
    case Immediate::kAxes:
      return copy(&Function::axes);
    case Immediate::kReduction:
      return copy(&Function::reductions);
    case Immediate::kFunction:
      return copy(&Function::callees);
  }
  METATE_UNREACHABLE();
}

uint32_t RegionCloner::clone_source(uint32_t source) {
  if (source == 0) return inlined_at_;
  if (&source_ == &target_) return source;
  if (auto found = sources_.find(source); found != sources_.end()) return found->second;
  SourcePlace place = source_.sources[source];
  place.inlined_at = clone_source(place.inlined_at);
  return sources_[source] = Function::add_to(target_.sources, place);
}

void RegionCloner::connect() {
  for (const Copy& copy : copies_) {
    for (Value& operand : target_.operands(copy.to)) operand = (*this)(operand);
    for (size_t i = 0; i < source_.targets(copy.from).size(); ++i) {
      const BlockCall& from = source_.targets(copy.from)[i];
      std::vector<Value> arguments(source_.arguments(from).begin(), source_.arguments(from).end());
      for (Value& argument : arguments) argument = (*this)(argument);
      target_.targets(copy.to)[i] = {(*this)(from.block), target_.add_values(arguments)};
    }
  }
  copies_.clear();
}

}  // namespace metate::ir
