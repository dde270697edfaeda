#include "compiler/ir/edit/rewrite.h"

#include <algorithm>

#include "compiler/ir/analysis/control_flow.h"

namespace metate::ir {

Value ValueMap::operator()(Value value) {
  Value last = value;
  while (Value next = std::as_const(map_)[last]) last = next;
  // Shorten the path for the next time.
  while (value != last) value = std::exchange(map_[value], last);
  return last;
}

void replace_uses(Function& function, Region region, ValueMap& map) {
  auto replace = [&](std::span<Value> values) {
    for (Value& value : values) value = map(value);
  };
  walk_insts(function, region, [&](Inst inst) {
    replace(function.operands(inst));
    for (const BlockCall& target : function.targets(inst)) replace(function.arguments(target));
  });
}

void erase(Function& function, Inst inst) { std::erase(function.block(function.inst(inst).block).insts, inst); }

Block split_block(Function& function, Block block, size_t at) {
  Region region = function.block(block).region;
  Block rest = function.add_block(region);
  std::vector<Block>& blocks = function.region(region).blocks;
  blocks.pop_back();
  blocks.insert(std::ranges::find(blocks, block) + 1, rest);

  BlockData& from = function.block(block);
  BlockData& to = function.block(rest);
  to.handler = from.handler;
  to.insts.assign(from.insts.begin() + static_cast<ptrdiff_t>(at), from.insts.end());
  from.insts.resize(at);
  for (Inst inst : to.insts) function.inst(inst).block = rest;
  return rest;
}

bool remove_unreachable(Function& function) {
  ControlFlow flow(function);
  std::vector<Region> regions;
  walk_regions(function, [&](Region region) { regions.push_back(region); });
  size_t removed = 0;
  for (Region region : regions)
    removed += std::erase_if(function.region(region).blocks, [&](Block block) { return !flow.reachable(block); });
  return removed != 0;
}

}  // namespace metate::ir
