// structure.cpp – the verifier's first step: ids, blocks and terminators fit together.
#include <algorithm>

#include "compiler/ir/synchronisation.h"
#include "compiler/ir/verify/report.h"
#include "compiler/ops/array_function.h"
#include "compiler/ops/reduction.h"

namespace metate::ir {
namespace {

class StructureCheck {
 public:
  explicit StructureCheck(Report& report)
      : report_(report),
        function_(report.function()),
        insts_(function_.inst_count()),
        blocks_(function_.block_count()),
        regions_(function_.region_count()) {}

  void check_region(Region region, Inst owner);

 private:
  bool place_blocks(Region region);
  void check_block(Block block);
  void check_handler(Block block);
  void check_inst(Inst inst, Block block);
  bool check_values(Inst inst);
  bool check_defined(std::span<const Value> values, bool params, uint32_t definer);
  void check_counts(Inst inst);
  bool check_immediate(Inst inst);
  void check_targets(Inst inst);
  void check_terminator(Inst inst, Block block);
  void check_nest(Inst inst);
  bool known(std::span<const Value> values) const {
    return std::ranges::all_of(values, [&](Value id) { return function_.contains(id); });
  }
  bool is_entry(Block block) const { return function_.region(function_.block(block).region).blocks.front() == block; }
  /// A place where control can go from `block`.
  bool is_target(Block target, Block block) const {
    return function_.contains(target) && blocks_[target.index()] &&
           function_.block(target).region == function_.block(block).region && !is_entry(target);
  }

  Report& report_;
  const Function& function_;
  std::vector<bool> insts_, blocks_, regions_;  // those that were met, each at one place
};

void StructureCheck::check_region(Region region, Inst owner) {
  if (!place_blocks(region)) return;
  const RegionData& data = function_.region(region);
  if (data.owner != owner) report_.add(data.blocks.front(), "the region names another nest as its owner");
  for (Block block : data.blocks) check_block(block);
}

/// All of a region's blocks first, since blocks refer to those behind them.
bool StructureCheck::place_blocks(Region region) {
  if (!function_.contains(region) || regions_[region.index()] || function_.region(region).blocks.empty()) {
    report_.add("a nest's body is no region of its own with a block in it");
    return false;
  }
  regions_[region.index()] = true;
  for (Block block : function_.region(region).blocks) {
    if (!function_.contains(block) || blocks_[block.index()] || function_.block(block).region != region) {
      report_.add("a region lists a block that is not its own, or twice");
      return false;
    }
    blocks_[block.index()] = true;
  }
  return true;
}

void StructureCheck::check_block(Block block) {
  const BlockData& data = function_.block(block);
  report_.require(check_defined(data.params, true, block.index()), block, "a parameter is not this block's own");
  if (data.handler) check_handler(block);
  if (!report_.require(!data.insts.empty(), block, "the block is empty, it needs a terminator")) return;
  for (Inst inst : data.insts) {
    if (report_.full()) return;
    check_inst(inst, block);
  }
}

void StructureCheck::check_handler(Block block) {
  Block handler = function_.block(block).handler;
  if (!report_.require(is_target(handler, block), block, "the handler is no other block of the same region")) return;
  report_.require(function_.block(handler).params.empty(), block, "a handler has no parameters");
}

void StructureCheck::check_inst(Inst inst, Block block) {
  if (!function_.contains(inst) || insts_[inst.index()] || function_.inst(inst).block != block)
    return report_.add(block, "the block lists an instruction that is not its own, or twice");
  insts_[inst.index()] = true;
  if (!check_values(inst) || !check_immediate(inst)) return;
  const InstrInfo& row = info(function_.inst(inst).opcode);
  if (!row.allowed_at(function_.stage))
    report_.add(inst, "the instruction does not stand at stage " + std::string(to_text(function_.stage)));
  check_counts(inst);
  bool last = inst == function_.block(block).insts.back();
  if (row.is_terminator() != last)
    report_.add(inst, last ? "the block does not end in a terminator" : "a terminator in the middle of a block");
  check_targets(inst);
  check_terminator(inst, block);
  if (function_.inst(inst).opcode == Opcode::kNest) check_nest(inst);
}

bool StructureCheck::check_values(Inst inst) {
  bool good = known(function_.operands(inst));
  for (const BlockCall& target : function_.targets(inst)) good = good && known(function_.arguments(target));
  return report_.require(good, inst, "an operand is no value") &&
         report_.require(check_defined(function_.results(inst), false, inst.index()), inst,
                         "a result is not this instruction's own");
}

bool StructureCheck::check_defined(std::span<const Value> values, bool params, uint32_t definer) {
  if (!known(values)) return false;
  for (uint32_t i = 0; i < values.size(); ++i) {
    const ValueData& data = function_.value(values[i]);
    if (data.is_param != params || data.definer != definer || data.index != i) return false;
  }
  return true;
}

void StructureCheck::check_counts(Inst inst) {
  auto count = [&](size_t found, int expected, const char* what) {
    if (expected == kVariadic || found == static_cast<size_t>(expected)) return;
    report_.add(inst, std::to_string(expected) + " " + what + " expected, " + std::to_string(found) + " found");
  };
  const InstrInfo& row = info(function_.inst(inst).opcode);
  count(function_.operands(inst).size(), row.operands, "operands");
  count(function_.results(inst).size(), row.results, "results");
}

bool StructureCheck::check_immediate(Inst inst) {
  uint32_t imm = function_.inst(inst).imm;
  const Universe& universe = function_.universe();
  auto known_parts = [&](const Message& message) {
    return (!message.exception || message.exception.index() < universe.constants.size()) &&
           std::ranges::all_of(message.parts, [&](const MessagePart& part) {
             return part.is_value() ? part.operand >= 0 : universe.symbols.contains(part.literal);
           });
  };
  auto good = [&] {
    switch (info(function_.inst(inst).opcode).immediate) {
      case Immediate::kNone:
      case Immediate::kInteger:
        return true;
      case Immediate::kArrayFunction:
        return imm < static_cast<uint32_t>(ops::kArrayFunctionCount);
      case Immediate::kConstant:
        return imm < universe.constants.size();
      case Immediate::kSymbol:
        return universe.symbols.contains(Symbol(imm));
      case Immediate::kPyOperator:
        return imm <= static_cast<uint32_t>(PyOperator::kNotIn);
      case Immediate::kScalarOp:
        return imm < ops::kScalarOpCount;
      case Immediate::kCallShape:
        return imm < function_.call_shapes.size();
      case Immediate::kMessage:
        return imm < function_.messages.size() && known_parts(function_.messages[imm]);
      case Immediate::kNestData:
        return imm < function_.nests.size();
      case Immediate::kIndexSpec:
        return imm < function_.index_specs.size();
      case Immediate::kAxes:
        return imm < function_.axes.size();
      case Immediate::kReduction:
        return imm < function_.reductions.size() && function_.reductions[imm].function < ops::kReductionCount;
      case Immediate::kIndexCheck:
        return imm == IndexCheck::decode(imm).encode();
      case Immediate::kFunction:
        return imm < function_.callees.size() && universe.symbols.contains(function_.callees[imm].name);
      case Immediate::kWorkItemQuery:
        return imm <= static_cast<uint32_t>(kLastWorkItemQuery);
      case Immediate::kBranchHint:
        return imm <= static_cast<uint32_t>(BranchHint::kUsually);
      case Immediate::kFence:
        return Fence::decode(imm).is_valid() && imm == Fence::decode(imm).encode();
      case Immediate::kAtomic:
        return Atomic::decode(imm).is_valid() && imm == Atomic::decode(imm).encode();
      case Immediate::kGroupOperation:
        return GroupOperation::decode(imm).is_valid() && imm == GroupOperation::decode(imm).encode();
    }
    METATE_UNREACHABLE();
  };
  return report_.require(good(), inst, "the immediate means nothing") &&
         report_.require(function_.inst(inst).source < function_.sources.size(), inst, "the source place is unknown");
}

void StructureCheck::check_targets(Inst inst) {
  Opcode opcode = function_.inst(inst).opcode;
  size_t expected = opcode == Opcode::kJump ? 1 : opcode == Opcode::kBranch ? 2 : 0;
  std::span<const BlockCall> targets = function_.targets(inst);
  if (!report_.require(targets.size() == expected, inst, "the number of targets is wrong")) return;
  for (const BlockCall& target : targets) {
    if (!report_.require(is_target(target.block, function_.inst(inst).block), inst,
                         "a target is no other block of the same region (an entry is no target)"))
      continue;
    report_.require(target.arguments.count == function_.block(target.block).params.size(), inst,
                    "the arguments are not as many as the target's parameters");
  }
}

/// What ends a nest's iteration does not end a function, and the other way round.
void StructureCheck::check_terminator(Inst inst, Block block) {
  Inst nest = function_.region(function_.block(block).region).owner;
  Opcode opcode = function_.inst(inst).opcode;
  if (opcode == Opcode::kReturn) report_.require(!nest, inst, "return leaves a nest; its body ends in yield");
  if (opcode != Opcode::kYield) return;
  if (!report_.require(static_cast<bool>(nest), inst, "yield outside of a nest")) return;
  report_.require(function_.operands(inst).size() == function_.results(nest).size(), inst,
                  "the yielded values are not as many as the nest's accumulators");
}

void StructureCheck::check_nest(Inst inst) {
  const NestData& nest = function_.nests[function_.inst(inst).imm];
  size_t accumulators = nest.reductions.size();
  for (const NestReduction& reduction : nest.reductions)
    report_.require(static_cast<uint32_t>(reduction.combine) < ops::kScalarOpCount, inst,
                    "a combining operation is no row");
  bool counts =
      function_.operands(inst).size() == nest.rank + accumulators && function_.results(inst).size() == accumulators;
  report_.require(counts, inst, "a nest has an extent for each rank, an initial value and a result for each reduction");
  if (report_.full()) return;
  check_region(nest.body, inst);
  if (!function_.contains(nest.body) || function_.region(nest.body).blocks.empty()) return;
  Block entry = function_.region(nest.body).blocks.front();
  if (!function_.contains(entry)) return;
  report_.require(function_.block(entry).params.size() == nest.rank + accumulators, inst,
                  "the body's parameters are not the induction variables and accumulators");
}

}  // namespace

void verify_structure(Report& report) {
  const Function& function = report.function();
  if (!function.universe().symbols.contains(function.name)) report.add("the function has no name");
  StructureCheck(report).check_region(function.body(), Inst());
}

}  // namespace metate::ir
