#include "compiler/ir/analysis/control_flow.h"

#include <algorithm>

#include "compiler/ir/analysis/walk.h"

namespace metate::ir {

size_t first_raise(const Function& function, Block block) {
  const BlockData& data = function.block(block);
  if (!data.handler) return data.insts.size();
  auto raises = [&](Inst inst) { return info(function.inst(inst).opcode).can_raise(); };
  return static_cast<size_t>(std::ranges::find_if(data.insts, raises) - data.insts.begin());
}

ControlFlow::ControlFlow(const Function& function)
    : orders_(function.region_count()), positions_(function.block_count(), kUnreachable) {
  find_successors(function);
  find_predecessors();
  walk_regions(function, [&](Region region) { order(function, region); });
}

void ControlFlow::find_successors(const Function& function) {
  std::vector<bool> placed(function.block_count());
  walk_blocks(function, [&](Block block) { placed[block.index()] = true; });
  for (uint32_t i = 0; i < function.block_count(); ++i) {
    successors_.begin.push_back(static_cast<uint32_t>(successors_.blocks.size()));
    Block block(i);
    if (!placed[i]) continue;
    if (Inst last = function.terminator(block))
      for (const BlockCall& target : function.targets(last)) successors_.blocks.push_back(target.block);
    if (first_raise(function, block) < function.block(block).insts.size())
      successors_.blocks.push_back(function.block(block).handler);
  }
  successors_.begin.push_back(static_cast<uint32_t>(successors_.blocks.size()));
}

/// The edges turned round, by counting sort.
void ControlFlow::find_predecessors() {
  std::vector<uint32_t>& begin = predecessors_.begin;
  begin.assign(successors_.begin.size(), 0);
  for (Block to : successors_.blocks) ++begin[to.index() + 1];
  for (size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
  std::vector<uint32_t> next(begin.begin(), begin.end());
  predecessors_.blocks.resize(successors_.blocks.size());
  for (uint32_t from = 0; from + 1 < begin.size(); ++from)
    for (Block to : successors(Block(from))) predecessors_.blocks[next[to.index()]++] = Block(from);
}

void ControlFlow::order(const Function& function, Region region) {
  struct Visit {
    Block block;
    size_t next;  // successor
  };
  std::vector<Block>& order = orders_[region.index()];
  std::vector<Visit> path;
  auto enter = [&](Block block) {
    if (reachable(block)) return;
    positions_[block.index()] = 0;
    path.push_back({block, successors(block).size()});
  };
  enter(function.region(region).blocks.front());
  while (!path.empty()) {
    Visit& visit = path.back();
    if (visit.next != 0) {  // the last successor first, so that the first stands next to the block in the result
      enter(successors(visit.block)[--visit.next]);
    } else {
      order.push_back(visit.block);
      path.pop_back();
    }
  }
  std::ranges::reverse(order);
  for (uint32_t i = 0; i < order.size(); ++i) positions_[order[i].index()] = i;
}

}  // namespace metate::ir
