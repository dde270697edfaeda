// control_flow.h – the edges between blocks, and the order in which blocks are best visited.
#pragma once

#include <span>
#include <vector>

#include "compiler/ir/function.h"

namespace metate::ir {

/// The first instruction of a block that can leave to its handler, as an index into its instructions; their number if
/// none can, or if there is no handler.
size_t first_raise(const Function& function, Block block);

/// A picture of the moment: made again after blocks or terminators have changed. Edges never leave a region.
class ControlFlow {
 public:
  explicit ControlFlow(const Function& function);

  /// The reachable blocks, entry first, each before its successors except around loops.
  std::span<const Block> reverse_postorder(Region region) const { return orders_[region.index()]; }
  /// Where the block stands in that order.
  uint32_t position(Block block) const { return positions_[block.index()]; }
  /// From the entry of its region.
  bool reachable(Block block) const { return positions_[block.index()] != kUnreachable; }

  /// The targets of the terminator, then the handler if an instruction can raise. A block that is a target twice
  /// stands here twice.
  std::span<const Block> successors(Block block) const { return slice(successors_, block); }
  std::span<const Block> predecessors(Block block) const { return slice(predecessors_, block); }

 private:
  struct Edges {
    std::vector<uint32_t> begin;  // by block, and one more
    std::vector<Block> blocks;
  };

  static std::span<const Block> slice(const Edges& edges, Block block) {
    uint32_t begin = edges.begin[block.index()];
    return {edges.blocks.data() + begin, edges.begin[block.index() + 1] - begin};
  }
  void find_successors(const Function& function);
  void find_predecessors();
  void order(const Function& function, Region region);

  static constexpr uint32_t kUnreachable = ~0u;

  Edges successors_, predecessors_;
  std::vector<std::vector<Block>> orders_;  // by region
  std::vector<uint32_t> positions_;         // by block
};

}  // namespace metate::ir
