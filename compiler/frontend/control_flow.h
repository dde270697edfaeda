// control_flow.h – a function's blocks: runs of instructions, and where each goes on.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "compiler/bytecode/decode.h"
#include "compiler/frontend/stack_shape.h"
#include "compiler/support/ids.h"
#include "runtime/base/result.h"

namespace metate::frontend {

using FlowBlockId = support::Id<struct FlowBlockTag>;

/// How a block ends, and what its successors are.
enum class Exit : uint8_t {
  kJump,        // goes on with the only one
  kBranch,      // pops a condition: where true, where false
  kBranchNone,  // pops a value: where it is None, where not
  kForIter,     // looks at an iterator: with its next item pushed, without the iterator where it is exhausted
  kLeave,       // none: the last instruction returns, raises or cannot be compiled
};

struct FlowBlock {
  uint32_t begin = 0;  // its instructions, without the jump at its end
  uint32_t end = 0;
  Exit exit = Exit::kLeave;
  support::SourceRange place;  // of the jump
  std::array<FlowBlockId, 2> targets;
  ShapeId shape;  // of the operand stack where it begins
  std::vector<FlowBlockId> predecessors;
  uint32_t first_use = 0;  // of its instructions in Assignments::at

  std::span<const FlowBlockId> successors() const {
    return {targets.data(), exit == Exit::kLeave ? 0u : exit == Exit::kJump ? 1u : 2u};
  }
};

/// Reachable blocks in reverse postorder: an id is the block's place in it, 0 the entry. Of two successors the first
/// comes first, so a loop's body stands between the loop's head and what follows the loop.
struct FlowGraph {
  support::IdVector<FlowBlockId, FlowBlock> blocks;
  StackShapes shapes;

  FlowBlock& operator[](FlowBlockId id) { return blocks[id]; }
  const FlowBlock& operator[](FlowBlockId id) const { return blocks[id]; }
  uint32_t size() const { return static_cast<uint32_t>(blocks.size()); }
};

/// The graph is the same for whatever CPython compiled the source: copies of one piece of source that its compilers
/// make (conditions of `while`, exits) are one block here. The error says what is wrong with the code.
base::Result<FlowGraph> make_flow_graph(const bytecode::CodeObject& code, const bytecode::DecodedFunction& decoded);

/// The blocks reachable from `entry`. Of two successors the second is gone into first.
std::vector<FlowBlockId> postorder(const FlowGraph& graph, FlowBlockId entry);

/// Puts the blocks reachable from `entry` into reverse postorder and finds predecessors.
void renumber(FlowGraph& graph, FlowBlockId entry);

}  // namespace metate::frontend
