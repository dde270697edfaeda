#include "compiler/frontend/assignments.h"

#include "compiler/support/bit_set.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;
using support::BitSet;

/// Each variable may be bound, may be unbound, or both, at a place.
struct State {
  BitSet bound;
  BitSet unbound;
  bool reached = false;

  Bound of(uint32_t variable) const {
    if (!bound.contains(variable)) return Bound::kNever;
    return unbound.contains(variable) ? Bound::kMaybe : Bound::kAlways;
  }
  void set(uint32_t variable, bool is_bound) {
    (is_bound ? bound : unbound).insert(variable);
    (is_bound ? unbound : bound).erase(variable);
  }
};

struct Finder {
  FlowGraph& graph;
  const bytecode::DecodedFunction& decoded;
  std::vector<State> entry = {};

  Assignments run(uint32_t arguments) {
    size_t count = decoded.variables.size();
    entry.assign(graph.size(), {BitSet(count), BitSet(count)});
    for (uint32_t i = 0; i < count; ++i)
      entry[0].set(i, i < arguments || decoded.variables[i].kind == bytecode::VariableKind::kFree);
    entry[0].reached = true;

    // In reverse postorder few rounds are needed: one more than loops are nested.
    std::vector<bool> dirty(graph.size(), true);
    for (bool again = true; again;) {
      again = false;
      for (uint32_t i = 0; i < graph.size(); ++i) {
        if (!dirty[i] || !entry[i].reached) continue;
        dirty[i] = false;
        State state = entry[i];
        if (walk(graph[FlowBlockId(i)], state, nullptr) != kWhole) continue;
        for (FlowBlockId successor : graph[FlowBlockId(i)].successors()) {
          if (!flow(state, entry[successor.index()])) continue;
          dirty[successor.index()] = true;
          again |= successor.index() <= i;
        }
      }
    }
    return record();
  }

  static bool flow(const State& from, State& to) {
    bool changed = !to.reached;
    to.reached = true;
    changed |= to.bound.unite(from.bound);
    changed |= to.unbound.unite(from.unbound);
    return changed;
  }

  static constexpr uint32_t kWhole = UINT32_MAX;

  /// The instruction that reads what is never bound, or kWhole.
  uint32_t walk(const FlowBlock& block, State& state, Assignments* record) const {
    for (uint32_t i = block.begin; i < block.end; ++i) {
      const Instruction& instruction = decoded.instructions[i];
      VariableUse use = variable_use(instruction.opcode);
      if (use == VariableUse::kNone) continue;
      if (use != VariableUse::kWrite) {
        Bound bound = state.of(instruction.operand);
        if (record != nullptr) {
          record->at[block.first_use + i - block.begin] = bound;
          if (bound == Bound::kMaybe) record->tracked[instruction.operand] = true;
        }
        if (use == VariableUse::kCapture) continue;
        if (bound == Bound::kNever) return i;
      }
      // What was read without an error is bound from there on.
      state.set(instruction.operand, use != VariableUse::kDelete);
    }
    return kWhole;
  }

  Assignments record() {
    Assignments result;
    result.tracked.resize(decoded.variables.size());
    for (FlowBlock& block : graph.blocks) {
      block.first_use = static_cast<uint32_t>(result.at.size());
      result.at.resize(result.at.size() + block.end - block.begin, Bound::kAlways);
    }
    bool cut = false;
    for (uint32_t i = 0; i < graph.size(); ++i) {
      if (!entry[i].reached) continue;
      FlowBlock& block = graph[FlowBlockId(i)];
      State state = entry[i];
      uint32_t end = walk(block, state, &result);
      if (end == kWhole) continue;
      block.end = end + 1;
      block.exit = Exit::kLeave;
      cut = true;
    }
    if (cut) renumber(graph, FlowBlockId(0));
    return result;
  }
};

}  // namespace

VariableUse variable_use(Opcode opcode) {
  if (opcode == Opcode::kLoadFast || opcode == Opcode::kLoadDeref) return VariableUse::kRead;
  if (opcode == Opcode::kStoreFast || opcode == Opcode::kStoreDeref) return VariableUse::kWrite;
  if (opcode == Opcode::kDeleteFast || opcode == Opcode::kDeleteDeref) return VariableUse::kDelete;
  if (opcode == Opcode::kLoadClosure) return VariableUse::kCapture;
  return VariableUse::kNone;
}

Assignments find_assignments(FlowGraph& graph, const bytecode::DecodedFunction& decoded, uint32_t arguments) {
  return Finder{graph, decoded}.run(arguments);
}

}  // namespace metate::frontend
