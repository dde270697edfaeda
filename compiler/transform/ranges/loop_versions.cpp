#include "compiler/transform/ranges/loop_versions.h"

#include <algorithm>
#include <map>

#include "compiler/ir/analysis/uses.h"
#include "compiler/ir/edit/clone.h"
#include "compiler/ir/edit/rewrite.h"

namespace metate::transform {

using ir::Block;
using ir::BlockCall;
using ir::Builder;
using ir::ControlFlow;
using ir::Dominators;
using ir::Function;
using ir::Inst;
using ir::LoopData;
using ir::Loops;
using ir::Opcode;
using ir::Use;
using ir::Value;

namespace {

/// One loop that is looked at: its exits, and what is used behind them.
class LoopExits {
 public:
  LoopExits(const Function& function, const ControlFlow& flow, const Dominators& dominators, const Loops& loops,
            const LoopData& loop)
      : function_(function), dominators_(dominators), loops_(loops), loop_(loop) {
    region_ = function.block(loop.header).region;
    for (Block block : loop.blocks) {
      if (function.block(block).handler) simple_ = false;
      for (Block next : flow.successors(block))
        if (!inside(next) && std::ranges::find(exits_, next) == exits_.end()) exits_.push_back(next);
    }
    for (Block exit : exits_)
      for (Block from : flow.predecessors(exit)) simple_ = simple_ && inside(from);
    if (simple_) find_live_out();
  }

  bool simple() const { return simple_; }
  bool inside(Block block) const {
    if (function_.block(block).region != region_) return false;
    for (ir::Loop loop = loops_.innermost(block); loop; loop = loops_[loop].parent)
      if (&loops_[loop] == &loop_) return true;
    return false;
  }

  struct Handed {
    Block exit;
    Value value;
    bool operator==(const Handed&) const = default;
    auto operator<=>(const Handed&) const = default;
  };
  /// Which values are to be handed over at which exit, and the uses that this is for.
  const std::map<Handed, std::vector<Use>>& handed() const { return handed_; }

 private:
  /// The block of the loop's region in which an instruction stands, in a nest or not.
  Block outer_block(Inst inst) const {
    Block block = function_.inst(inst).block;
    while (function_.block(block).region != region_) {
      Inst owner = function_.region(function_.block(block).region).owner;
      if (!owner) return {};
      block = function_.inst(owner).block;
    }
    return block;
  }

  void find_live_out() {
    ir::Uses uses(function_);
    auto look_at = [&](Value value) {
      for (const Use& use : uses.of(value)) {
        Block block = outer_block(use.inst);
        if (inside(block)) continue;
        auto exit = std::ranges::find_if(exits_, [&](Block exit) { return dominators_.dominates(exit, block); });
        if (exit == exits_.end()) {
          simple_ = false;
          return;
        }
        handed_[{*exit, value}].push_back(use);
      }
    };
    for (Block block : loop_.blocks) {
      for (Value param : function_.block(block).params) look_at(param);
      for (Inst inst : function_.block(block).insts)
        for (Value result : function_.results(inst)) look_at(result);
    }
  }

  const Function& function_;
  const Dominators& dominators_;
  const Loops& loops_;
  const LoopData& loop_;
  ir::Region region_;
  bool simple_ = true;
  std::vector<Block> exits_;
  std::map<Handed, std::vector<Use>> handed_;
};

void hand_over(Function& function, const LoopData& loop, Block exit, Value value, std::span<const Use> uses) {
  Value param = function.add_param(exit, function.type(value), function.value(value).name);
  for (const Use& use : uses) {
    if (use.target == Use::kOperand) {
      function.operands(use.inst)[use.index] = param;
    } else {
      function.arguments(function.targets(use.inst)[use.target])[use.index] = param;
    }
  }
  for (Block block : loop.blocks) {
    for (BlockCall& call : function.targets(function.terminator(block))) {
      if (call.block != exit) continue;
      std::vector<Value> arguments(function.arguments(call).begin(), function.arguments(call).end());
      arguments.push_back(value);
      function.set_arguments(call, arguments);
    }
  }
}

}  // namespace

bool can_version_loop(const Function& function, const ControlFlow& flow, const Dominators& dominators,
                      const Loops& loops, const LoopData& loop) {
  return LoopExits(function, flow, dominators, loops, loop).simple();
}

void version_loop(Function& function, const ControlFlow& flow, const Dominators& dominators, const Loops& loops,
                  const LoopData& loop, const EmitCondition& condition) {
  LoopExits exits(function, flow, dominators, loops, loop);
  METATE_ASSERT(exits.simple());
  for (const auto& [handed, uses] : exits.handed()) hand_over(function, loop, handed.exit, handed.value, uses);

  ir::Region region = function.block(loop.header).region;
  ir::RegionCloner cloner(function, function);
  cloner.clone(loop.blocks, region);

  // What enters the loop enters the block that decides.
  Builder builder(function);
  Block decision = function.add_block(region);
  std::vector<Value> arguments;
  for (Value param : std::vector<Value>(function.block(loop.header).params))
    arguments.push_back(function.add_param(decision, function.type(param), function.value(param).name));
  for (Block from : flow.predecessors(loop.header)) {
    if (exits.inside(from)) continue;
    for (BlockCall& call : function.targets(function.terminator(from)))
      if (call.block == loop.header) call.block = decision;
  }
  builder.position(decision);
  builder.set_source(function.inst(function.block(loop.header).insts.front()).source);
  Value decided = condition(builder);
  builder.branch(decided, loop.header, arguments, cloner(loop.header), arguments, ir::BranchHint::kUsually);
}

void version_nest(Function& function, Inst nest, const EmitCondition& condition, ir::BranchHint hint) {
  Block before = function.inst(nest).block;
  const std::vector<Inst>& insts = function.block(before).insts;
  Block fast = ir::split_block(function, before, static_cast<size_t>(std::ranges::find(insts, nest) - insts.begin()));
  Block after = ir::split_block(function, fast, 1);
  ir::Region region = function.block(before).region;
  Block slow = function.add_block(region);

  Builder builder(function);
  builder.set_source(function.inst(nest).source);
  builder.position(before);
  builder.branch(condition(builder), fast, {}, slow, {}, hint);

  ir::RegionCloner cloner(function, function);
  Inst copy = cloner.clone(nest, slow);
  std::vector<Value> results(function.results(nest).begin(), function.results(nest).end());
  std::vector<Value> copies(function.results(copy).begin(), function.results(copy).end());
  ir::ValueMap joined;
  for (Value result : results)
    joined.set(result, function.add_param(after, function.type(result), function.value(result).name));
  ir::replace_uses(function, joined);
  builder.position(fast);
  builder.jump(after, results);
  builder.position(slow);
  builder.jump(after, copies);
}

}  // namespace metate::transform
