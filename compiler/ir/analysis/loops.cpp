#include "compiler/ir/analysis/loops.h"

#include <algorithm>

#include "compiler/ir/analysis/walk.h"

namespace metate::ir {

Loops::Loops(const Function& function, const ControlFlow& flow, const Dominators& dominators)
    : innermost_(function.block_count()) {
  walk_regions(function, [&](Region region) {
    std::span<const Block> order = flow.reverse_postorder(region);
    // The header of an inner loop comes later, so from the back inner loops are found first.
    for (size_t i = order.size(); i-- > 0;) find(order[i], flow, dominators);
    for (Block block : order)
      for (Loop loop = innermost(block); loop; loop = loops_[loop].parent) loops_[loop].blocks.push_back(block);
  });
  for (size_t i = loops_.size(); i-- > 0;) {
    LoopData& loop = loops_[Loop(static_cast<uint32_t>(i))];
    if (loop.parent) loop.depth = loops_[loop.parent].depth + 1;
  }
}

void Loops::find(Block header, const ControlFlow& flow, const Dominators& dominators) {
  std::vector<Block> path;
  for (Block from : flow.predecessors(header))
    if (dominators.dominates(header, from) && std::ranges::find(path, from) == path.end()) path.push_back(from);
  if (path.empty()) return;
  Loop loop = loops_.add({.header = header, .parent = {}, .latches = path, .blocks = {}});

  // Backwards from the latches; a loop that was found already is stepped over as a whole.
  innermost_[header.index()] = loop;
  while (!path.empty()) {
    Block block = path.back();
    path.pop_back();
    Loop inner = outermost(block);
    if (inner == loop) continue;
    if (inner) {
      loops_[inner].parent = loop;
      block = loops_[inner].header;
    } else {
      innermost_[block.index()] = loop;
    }
    for (Block from : flow.predecessors(block))
      if (flow.reachable(from) && outermost(from) != loop) path.push_back(from);
  }
}

Loop Loops::outermost(Block block) const {
  Loop loop = innermost(block);
  while (loop && loops_[loop].parent) loop = loops_[loop].parent;
  return loop;
}

bool Loops::contains(Loop loop, Block block) const {
  Loop found = innermost(block);
  while (found && found != loop) found = loops_[found].parent;
  return found == loop;
}

}  // namespace metate::ir
