// loops.h – the natural loops of the control flow; nests are not among them, their loops are explicit.
#pragma once

#include <span>
#include <vector>

#include "compiler/ir/analysis/dominators.h"

namespace metate::ir {

using Loop = support::Id<struct LoopTag>;

struct LoopData {
  Block header;                // the only block that is entered from outside
  Loop parent;                 // the next loop around it in its region
  uint32_t depth = 1;          // 1 for an outermost loop
  std::vector<Block> latches;  // where the back edges leave
  std::vector<Block> blocks;   // in reverse postorder, so the header is the first; those of inner loops too
};

/// Loops with more than one entry are none. A picture of the moment.
class Loops {
 public:
  Loops(const Function& function, const ControlFlow& flow, const Dominators& dominators);

  /// Inner loops before those around them.
  std::span<const LoopData> all() const { return {loops_.begin(), loops_.end()}; }
  const LoopData& operator[](Loop loop) const { return loops_[loop]; }
  /// The loop that the block belongs to most closely, if any.
  Loop innermost(Block block) const { return innermost_[block.index()]; }
  bool contains(Loop loop, Block block) const;

 private:
  void find(Block header, const ControlFlow& flow, const Dominators& dominators);
  Loop outermost(Block block) const;

  support::IdVector<Loop, LoopData> loops_;
  std::vector<Loop> innermost_;  // by block
};

}  // namespace metate::ir
