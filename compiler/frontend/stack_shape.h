// stack_shape.h – how many values and iterators lie on the operand stack, and in which order.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "compiler/bytecode/instruction.h"
#include "compiler/support/ids.h"
#include "runtime/base/result.h"

namespace metate::frontend {

enum class Slot : uint8_t {
  kValue,
  kIterator,  // what get_iter leaves: it lives in the SSA as an iterable, its length and a position
};

using ShapeId = support::Id<struct ShapeTag>;

/// Stack shapes as lists with shared tails, each once: equal shapes have equal ids, and a block costs no more than
/// what its instructions move, however deep the stack below is.
class StackShapes {
 public:
  StackShapes() { nodes_.push_back({}); }

  ShapeId empty() const { return ShapeId(0); }
  ShapeId push(ShapeId below, Slot slot);
  ShapeId below(ShapeId shape) const { return nodes_[shape.index()].below; }
  Slot top(ShapeId shape) const { return nodes_[shape.index()].slot; }
  uint32_t depth(ShapeId shape) const { return nodes_[shape.index()].depth; }
  /// False between statements, where there are but the iterators of the loops around.
  bool has_values(ShapeId shape) const { return nodes_[shape.index()].values; }

 private:
  struct Node {
    ShapeId below;
    Slot slot = Slot::kValue;
    uint32_t depth = 0;
    bool values = false;
  };
  std::vector<Node> nodes_;
  std::unordered_map<uint64_t, ShapeId> index_;
};

struct FlowGraph;

/// Finds the stack's shape at the start of each block reachable from the first one. Fails where instructions find too
/// little or something else than they take, or where ways to a block disagree.
/// `between_statements` becomes true for the instructions before which no value lies on the stack.
base::Status find_shapes(FlowGraph& graph, const std::vector<bytecode::Instruction>& instructions,
                         std::vector<bool>& between_statements);

}  // namespace metate::frontend
