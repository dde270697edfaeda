#include "compiler/frontend/merge_blocks.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "compiler/frontend/instruction_hash.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;

struct Merger {
  FlowGraph& graph;
  const std::vector<Instruction>& instructions;
  std::vector<FlowBlockId> representative = {};
  std::vector<FlowBlockId> skipped = {};  // where empty blocks lead

  FlowBlockId run() {
    skipped.resize(graph.size());
    for (uint32_t i = 0; i < graph.size(); ++i) representative.emplace_back(i);
    for (FlowBlock& block : graph.blocks)
      for (size_t i = 0; i < block.successors().size(); ++i) thread(block, i);
    FlowBlockId entry = skip_empty(FlowBlockId(0));
    // Successors come before what leads to them, so that the second round finds little: what goes round in loops.
    for (int round = 0; round < 3; ++round)
      if (!merge(find(entry))) break;
    copy_ends();
    return find(entry);
  }

  // 1. Threading.

  FlowBlockId skip_empty(FlowBlockId id) {
    std::vector<FlowBlockId> path;
    while (!skipped[id.index()]) {
      skipped[id.index()] = id;  // stays so for `while True: pass`, which goes round in empty blocks
      path.push_back(id);
      const FlowBlock& block = graph[id];
      if (block.begin == block.end && block.exit == Exit::kJump) id = block.targets[0];
    }
    id = skipped[id.index()];
    for (FlowBlockId passed : path) skipped[passed.index()] = id;
    return id;
  }

  void thread(FlowBlock& block, size_t side) {
    FlowBlockId target = skip_empty(block.targets[side]);
    // A branch that keeps a copy of its condition and comes to a branch on that copy knows how it will go:
    // `(a and b) or c`. 3.10 and 3.11 see this themselves.
    if (block.exit == Exit::kBranch && keeps_condition(block)) {
      for (uint32_t steps = 0; steps < graph.size() && tests_again(graph[target]); ++steps)
        target = skip_empty(graph[target].targets[side]);
    }
    block.targets[side] = target;
  }

  bool keeps_condition(const FlowBlock& block) const {
    return block.end > block.begin && copies_top(instructions[block.end - 1]);
  }
  bool tests_again(const FlowBlock& block) const {
    return block.exit == Exit::kBranch && block.end - block.begin == 1 && copies_top(instructions[block.begin]);
  }
  static bool copies_top(const Instruction& instruction) {
    return instruction.opcode == Opcode::kCopy && instruction.operand == 1;
  }

  // 2. Merging, successors before the blocks that lead to them.

  bool merge(FlowBlockId entry) {
    std::unordered_multimap<size_t, FlowBlockId> index;
    bool changed = false;
    for (FlowBlockId id : postorder(graph, entry)) {
      if (representative[id.index()] != id) continue;  // a block that goes round to it has not been told yet
      FlowBlock& block = graph[id];
      for (size_t i = 0; i < block.successors().size(); ++i) block.targets[i] = find(block.targets[i]);
      size_t key = hash_of(block);
      auto [first, last] = index.equal_range(key);
      auto twin = std::find_if(first, last, [&](const auto& other) { return alike(graph[other.second], block); });
      if (twin == last) {
        index.emplace(key, id);
      } else {
        representative[id.index()] = twin->second;
        changed = true;
      }
    }
    return changed;
  }

  FlowBlockId find(FlowBlockId id) {
    while (representative[id.index()] != id) id = representative[id.index()];
    return id;
  }

  size_t hash_of(const FlowBlock& block) const {
    size_t seed = support::hash_combine(static_cast<size_t>(block.exit), block.shape.index());
    for (FlowBlockId successor : block.successors()) seed = support::hash_combine(seed, successor.index());
    for (uint32_t i = block.begin; i < block.end; ++i) seed = support::hash_combine(seed, hash(instructions[i]));
    return seed;
  }

  bool alike(const FlowBlock& a, const FlowBlock& b) const {
    return a.exit == b.exit && a.shape == b.shape && std::ranges::equal(a.successors(), b.successors()) &&
           std::equal(instructions.begin() + a.begin, instructions.begin() + a.end, instructions.begin() + b.begin,
                      instructions.begin() + b.end, same_work);
  }

  // 3. Where the ways of an expression join shortly before the function is left, `return a if b else c`, CPython may
  //    have copied what follows the join. Here it becomes copies in all cases: each jump to the join gets its own.
  void copy_ends() {
    constexpr uint32_t kMaxLength = 8;  // CPython copies up to four of its own instructions
    for (uint32_t i = 0, count = graph.size(); i < count; ++i) {
      if (graph[FlowBlockId(i)].exit != Exit::kJump) continue;
      const FlowBlock& join = graph[find(graph[FlowBlockId(i)].targets[0])];
      if (!join.shape || !graph.shapes.has_values(join.shape) || length_to_end(join) > kMaxLength) continue;
      FlowBlockId copy = graph.blocks.add(FlowBlock(join));
      graph[FlowBlockId(i)].targets[0] = copy;
      representative.push_back(copy);
    }
  }

  /// How many instructions are left until the function is, by way of one jump at most.
  uint32_t length_to_end(const FlowBlock& block) {
    uint32_t length = block.end - block.begin;
    if (block.exit == Exit::kLeave) return length;
    if (block.exit != Exit::kJump) return UINT32_MAX;
    const FlowBlock& next = graph[find(block.targets[0])];
    return next.exit == Exit::kLeave ? length + next.end - next.begin : UINT32_MAX;
  }
};

}  // namespace

FlowBlockId merge_blocks(FlowGraph& graph, const std::vector<Instruction>& instructions) {
  return Merger{graph, instructions}.run();
}

}  // namespace metate::frontend
