#include "compiler/ir/edit/dead_code.h"

#include <algorithm>

#include "compiler/ir/analysis/control_flow.h"
#include "compiler/ir/analysis/uses.h"
#include "compiler/ir/edit/rewrite.h"

namespace metate::ir {
namespace {

/// Marks what is needed, starting from effects, and sweeps the rest away.
class DeadCode {
 public:
  explicit DeadCode(Function& function)
      : function_(function),
        flow_(function),
        kept_insts_(function.inst_count()),
        needed_(function.value_count()),
        effects_(function.inst_count()) {}

  bool run();

 private:
  bool find_effects(Region region);
  bool has_effect(Inst inst);
  void keep(Inst inst);
  void need(Value value);
  void follow(Value value);
  bool is_entry(Block block) const { return function_.region(function_.block(block).region).blocks.front() == block; }
  bool sweep_params(Block block);
  bool sweep_insts();

  Function& function_;
  ControlFlow flow_;
  std::vector<bool> kept_insts_;
  std::vector<bool> needed_;   // by value
  std::vector<bool> effects_;  // by instruction
  std::vector<Value> work_;
};

bool DeadCode::has_effect(Inst inst) {
  if (Region body = nest_body(function_, inst)) {
    // A body with a loop of its own may never end, which Python would show.
    bool straight = function_.region(body).blocks.size() == 1;
    return find_effects(body) || !straight;
  }
  return info(function_.inst(inst).opcode).effects & ~(kReads | kAllocates);
}

/// Notes the effects of a region's instructions; terminators count here only if they are more than the way out.
bool DeadCode::find_effects(Region region) {
  bool any = false;
  for (Block block : function_.region(region).blocks) {
    for (Inst inst : function_.block(block).insts) {
      effects_[inst.index()] = has_effect(inst);
      any = any || (effects_[inst.index()] && function_.inst(inst).opcode != Opcode::kYield);
    }
  }
  return any;
}

void DeadCode::need(Value value) {
  if (needed_[value.index()]) return;
  needed_[value.index()] = true;
  work_.push_back(value);
}

void DeadCode::keep(Inst inst) {
  if (kept_insts_[inst.index()]) return;
  kept_insts_[inst.index()] = true;
  for (Value operand : function_.operands(inst)) need(operand);
  for (const BlockCall& target : function_.targets(inst)) {
    // Arguments of an entry's parameters do not exist; those of others are needed if the parameter is.
    std::span<const Value> params = function_.block(target.block).params;
    for (size_t i = 0; i < params.size(); ++i)
      if (needed_[params[i].index()]) need(function_.arguments(target)[i]);
  }
  Region body = nest_body(function_, inst);
  if (!body) return;
  for (Block block : function_.region(body).blocks)
    for (Inst inner : function_.block(block).insts)
      if (effects_[inner.index()]) keep(inner);
}

void DeadCode::follow(Value value) {
  if (Inst inst = function_.defining_inst(value)) return keep(inst);
  const ValueData& data = function_.value(value);
  Block block(data.definer);
  if (is_entry(block)) return;
  for (Block from : flow_.predecessors(block)) {
    Inst last = function_.terminator(from);
    if (!kept_insts_[last.index()]) continue;
    for (const BlockCall& target : function_.targets(last))
      if (target.block == block) need(function_.arguments(target)[data.index]);
  }
}

bool DeadCode::sweep_params(Block block) {
  std::vector<Value>& params = function_.block(block).params;
  auto dead = [&](Value param) { return !needed_[param.index()]; };
  if (is_entry(block) || std::ranges::none_of(params, dead)) return false;
  std::vector<Block> sources(flow_.predecessors(block).begin(), flow_.predecessors(block).end());
  std::ranges::sort(sources);
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  for (Block from : sources) {
    for (BlockCall& target : function_.targets(function_.terminator(from))) {
      if (target.block != block) continue;
      std::span<Value> arguments = function_.arguments(target);
      uint32_t kept = 0;
      for (size_t i = 0; i < params.size(); ++i)
        if (!dead(params[i])) arguments[kept++] = arguments[i];
      target.arguments.count = kept;
    }
  }
  std::erase_if(params, dead);
  for (uint32_t i = 0; i < params.size(); ++i) function_.value(params[i]).index = i;
  return true;
}

bool DeadCode::sweep_insts() {
  bool changed = false;
  erase_if(function_, [&](Inst inst) {
    bool dead = !kept_insts_[inst.index()];
    changed = changed || dead;
    return dead;
  });
  return changed;
}

bool DeadCode::run() {
  find_effects(function_.body());
  for (Block block : function_.region(function_.body()).blocks)
    for (Inst inst : function_.block(block).insts)
      if (effects_[inst.index()]) keep(inst);
  while (!work_.empty()) {
    Value value = work_.back();
    work_.pop_back();
    follow(value);
  }
  bool changed = sweep_insts();
  walk_blocks(function_, [&](Block block) { changed = sweep_params(block) || changed; });
  return changed;
}

}  // namespace

bool remove_dead_code(Function& function) {
  bool removed_blocks = remove_unreachable(function);
  return DeadCode(function).run() || removed_blocks;
}

}  // namespace metate::ir
