// dominators.h – what must have run before a block is entered: where values may be used, and the tree for walks by
// facts.
#pragma once

#include <vector>

#include "compiler/ir/analysis/control_flow.h"

namespace metate::ir {

/// The dominator trees of all regions (Cooper, Harvey, Kennedy 2001, "A Simple, Fast Dominance Algorithm").
///
/// The edge to a handler leaves in the middle of a block. So a block that can raise is two nodes: its head, up to the
/// first raising instruction, from where the handler is reached, and its tail, whose values no handler sees.
class Dominators {
 public:
  Dominators(const Function& function, const ControlFlow& flow);

  /// The closest block that every path to this one enters; none for a region's entry and for unreachable blocks.
  Block immediate(Block block) const;
  /// The blocks whose immediate dominator this is, in reverse postorder.
  std::vector<Block> children(Block block) const;
  /// Whenever b is entered, a was; within one region. Of unreachable blocks nothing is true.
  bool dominates(Block a, Block b) const;

  /// Whenever `user` runs, `definition` has run to its end without raising. `user` may stand in a nest, which runs
  /// where the nest stands. Anything is true of a user that is unreachable.
  bool dominates(Inst definition, Inst user) const;
  /// Whenever `user` runs, the value is defined.
  bool visible(Value value, Inst user) const;

 private:
  using Node = uint32_t;  // 2 * block for its head, 2 * block + 1 for its tail
  static constexpr Node kNone = ~0u;
  static Node head(Block block) { return 2 * block.index(); }
  static Node tail(Block block) { return 2 * block.index() + 1; }
  static Block block_of(Node node) { return Block(node / 2); }

  bool split(Block block) const { return split_[block.index()]; }
  Node exit(Block block) const { return split(block) ? tail(block) : head(block); }
  /// Where an instruction that has completed stands.
  Node node_after(Inst inst) const;
  Inst climb(Inst user, Region region) const;
  bool reachable(Block block) const { return enter_[head(block)] != 0; }

  void find(Region region, const ControlFlow& flow);
  Node predecessor_node(Block from, Block to) const;
  Node intersect(Node a, Node b) const;
  void link(const std::vector<Node>& order);
  void number(Node root);
  bool node_dominates(Node a, Node b) const;

  const Function& function_;
  std::vector<bool> split_;             // by block
  std::vector<uint32_t> places_;        // by instruction: its position in its block
  std::vector<uint32_t> first_raises_;  // by block
  // By node:
  std::vector<Node> parents_;     // the immediate dominator
  std::vector<uint32_t> orders_;  // position in the order of the search
  std::vector<Node> first_child_, next_sibling_;
  std::vector<uint32_t> enter_, leave_;  // when a walk of the tree enters it (0: never), and when it has left
  uint32_t time_ = 0;
};

}  // namespace metate::ir
