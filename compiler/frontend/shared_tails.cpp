#include "compiler/frontend/shared_tails.h"

#include <unordered_map>

#include "compiler/frontend/instruction_hash.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;

/// Runs of instructions read backwards, as a tree: runs share the nodes of the instructions in which they end alike.
struct TailTree {
  struct Node {
    uint32_t parent;  // the rest of the tail
    uint32_t instruction;
    uint32_t runs = 0;
  };

  const std::vector<Instruction>& instructions;
  std::vector<Node> nodes{{}};  // 0: the empty tail
  std::unordered_multimap<size_t, uint32_t> index = {};

  uint32_t extend(uint32_t tail, uint32_t instruction) {
    size_t key = support::hash_combine(hash(instructions[instruction]), tail);
    auto [first, last] = index.equal_range(key);
    for (auto it = first; it != last; ++it) {
      const Node& node = nodes[it->second];
      if (node.parent == tail && same_work(instructions[node.instruction], instructions[instruction]))
        return it->second;
    }
    auto node = static_cast<uint32_t>(nodes.size());
    nodes.push_back({tail, instruction});
    index.emplace(key, node);
    return node;
  }
};

bool leaves(const Instruction& instruction) {
  return (flags(instruction.opcode) & (bytecode::kNoFallThrough | bytecode::kJump)) == bytecode::kNoFallThrough;
}

bool branches(const Instruction& instruction) {
  return instruction.opcode == Opcode::kJumpIfFalse || instruction.opcode == Opcode::kJumpIfTrue ||
         instruction.opcode == Opcode::kJumpIfNone || instruction.opcode == Opcode::kJumpIfNotNone;
}

}  // namespace

void mark_shared_tails(const std::vector<Instruction>& instructions, const std::vector<bool>& between_statements,
                       std::vector<bool>& leaders) {
  TailTree tree{instructions};
  std::vector<uint32_t> node_of(instructions.size(), 0);
  uint32_t node = 0;
  bool inside = false;
  for (auto i = static_cast<uint32_t>(instructions.size()); i-- > 0;) {
    if (leaders[i + 1]) {
      node = 0;
      inside = leaves(instructions[i]) || branches(instructions[i]);
      // The condition of a `while` jumps one way at the start and the other way at the end of the loop.
      if (branches(instructions[i])) continue;
    }
    if (!inside) continue;
    node = node_of[i] = tree.extend(node, i);
    ++tree.nodes[node].runs;
  }
  // A shared piece begins between the last statements of which fewer runs go on alike before than behind.
  for (uint32_t i = 1, runs = 0; i < instructions.size(); ++i) {
    if (leaders[i] || node_of[i] == 0) runs = 0;
    if (node_of[i] == 0 || !between_statements[i]) continue;
    uint32_t now = tree.nodes[node_of[i]].runs;
    if (runs != 0 && runs < now) leaders[i] = true;
    runs = now;
  }
}

}  // namespace metate::frontend
