#include "compiler/frontend/captures.h"

#include <unordered_map>

#include "compiler/frontend/assignments.h"
#include "compiler/frontend/bit_set.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;

struct Finder {
  const FlowGraph& graph;
  const bytecode::DecodedFunction& decoded;
  std::unordered_map<uint32_t, uint32_t> index = {};  // variable → bit
  std::vector<support::SourceRange> places = {};      // by bit: where it is captured first
  std::vector<BitSet> captured = {};                  // by block, where it begins

  std::optional<Rebinding> run() {
    for (const FlowBlock& block : graph.blocks)
      for (uint32_t i = block.begin; i < block.end; ++i) note(decoded.instructions[i]);
    if (places.empty()) return std::nullopt;

    captured.assign(graph.size(), BitSet(places.size()));
    for (bool changed = true; changed;) {
      changed = false;
      for (uint32_t i = 0; i < graph.size(); ++i) {
        BitSet state = captured[i];
        const FlowBlock& block = graph[FlowBlockId(i)];
        walk(block, state);
        for (FlowBlockId successor : block.successors()) changed |= captured[successor.index()].unite(state);
      }
    }
    for (uint32_t i = 0; i < graph.size(); ++i) {
      BitSet state = captured[i];
      if (std::optional<Rebinding> found = walk(graph[FlowBlockId(i)], state)) return found;
    }
    return std::nullopt;
  }

  void note(const Instruction& instruction) {
    if (variable_use(instruction.opcode) != VariableUse::kCapture) return;
    if (index.try_emplace(instruction.operand, places.size()).second) places.push_back(instruction.range);
  }

  std::optional<Rebinding> walk(const FlowBlock& block, BitSet& state) const {
    for (uint32_t i = block.begin; i < block.end; ++i) {
      const Instruction& instruction = decoded.instructions[i];
      VariableUse use = variable_use(instruction.opcode);
      if (use == VariableUse::kNone || use == VariableUse::kRead) continue;
      auto found = index.find(instruction.operand);
      if (found == index.end()) continue;
      if (use == VariableUse::kCapture) {
        state.insert(found->second);
      } else if (state.contains(found->second)) {
        return Rebinding{instruction.operand, places[found->second], instruction.range};
      }
    }
    return std::nullopt;
  }
};

}  // namespace

std::optional<Rebinding> find_rebinding(const FlowGraph& graph, const bytecode::DecodedFunction& decoded) {
  return Finder{graph, decoded}.run();
}

}  // namespace metate::frontend
