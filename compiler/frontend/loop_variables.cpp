#include "compiler/frontend/loop_variables.h"

#include <algorithm>

#include "compiler/frontend/assignments.h"
#include "compiler/support/bit_set.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using support::BitSet;

/// Which of the loop's variables the present iteration has certainly assigned, forwards through the body.
///
/// `for_runs` takes for granted that a `for` inside of the body runs at least once. Without it a variable that only
/// an inner loop assigns would always seem to carry a value from the iteration before.
struct Flow {
  const FlowGraph& graph;
  const bytecode::DecodedFunction& decoded;
  ParallelLoop& loop;
  const std::vector<uint32_t>& index;  // Python variable → place in loop.variables, or kOther
  bool for_runs;
  std::vector<BitSet> in = {};  // by block, from the loop's head on
  std::vector<BitSet> out = {};
  std::vector<BitSet> exhausted = {};  // out of an inner for loop's head to what follows it

  static constexpr uint32_t kOther = UINT32_MAX;

  void run() {
    uint32_t count = loop.last.index() - loop.head.index() + 1;
    BitSet all(loop.variables.size(), true);
    in.assign(count, all);
    out.assign(count, all);
    exhausted.assign(count, all);
    out[0] = BitSet(loop.variables.size());
    for (bool changed = true; changed;) {
      changed = false;
      for (FlowBlockId id = first(); id <= loop.last; id = next(id)) changed |= update(id);
    }
  }

  FlowBlockId first() const { return next(loop.head); }
  static FlowBlockId next(FlowBlockId id) { return FlowBlockId(id.index() + 1); }
  uint32_t at(FlowBlockId id) const { return id.index() - loop.head.index(); }

  bool update(FlowBlockId id) {
    const FlowBlock& block = graph[id];
    bool changed = false;
    for (FlowBlockId predecessor : block.predecessors) changed |= in[at(id)].intersect(arriving(predecessor, id));

    BitSet state = in[at(id)];
    for (uint32_t i = block.begin; i < block.end; ++i) step(decoded.instructions[i], state);
    changed |= out[at(id)].intersect(state);

    if (block.exit != Exit::kForIter) return changed;
    // The head of an inner loop: left from its back edges if it is known to run.
    BitSet left = state;
    if (for_runs && std::ranges::any_of(block.predecessors, [&](FlowBlockId p) { return p >= id; })) {
      left = BitSet(loop.variables.size(), true);
      for (FlowBlockId p : block.predecessors)
        if (p >= id) left.intersect(arriving(p, id));
    }
    return exhausted[at(id)].intersect(left) || changed;
  }

  const BitSet& arriving(FlowBlockId from, FlowBlockId to) const {
    const FlowBlock& block = graph[from];
    bool ends_loop = from != loop.head && block.exit == Exit::kForIter && block.targets[1] == to;
    return ends_loop ? exhausted[at(from)] : out[at(from)];
  }

  void step(const Instruction& instruction, BitSet& state) const {
    VariableUse use = variable_use(instruction.opcode);
    if (use == VariableUse::kNone || index[instruction.operand] == kOther) return;
    if (use == VariableUse::kWrite) state.insert(index[instruction.operand]);
    if (use == VariableUse::kDelete) state.erase(index[instruction.operand]);
  }

  /// Calls `found(loop variable, instruction)` for reads before an assignment.
  template <class F>
  void each_early_read(F&& found) const {
    for (FlowBlockId id = first(); id <= loop.last; id = next(id)) {
      BitSet state = in[at(id)];
      for (uint32_t i = graph[id].begin; i < graph[id].end; ++i) {
        const Instruction& instruction = decoded.instructions[i];
        VariableUse use = variable_use(instruction.opcode);
        if (use == VariableUse::kNone) continue;
        uint32_t variable = index[instruction.operand];
        if (variable == kOther) continue;
        if (use != VariableUse::kWrite && !state.contains(variable)) found(loop.variables[variable], instruction);
        step(instruction, state);
      }
    }
  }
};

/// The variables that the body assigns, in order, each with the first place.
void find_assigned(const FlowGraph& graph, const bytecode::DecodedFunction& decoded, ParallelLoop& loop,
                   std::vector<uint32_t>& index) {
  for (uint32_t id = loop.head.index() + 1; id <= loop.last.index(); ++id) {
    const FlowBlock& block = graph[FlowBlockId(id)];
    for (uint32_t i = block.begin; i < block.end; ++i) {
      const Instruction& instruction = decoded.instructions[i];
      VariableUse use = variable_use(instruction.opcode);
      if (use != VariableUse::kWrite && use != VariableUse::kDelete) continue;
      if (index[instruction.operand] != Flow::kOther) continue;
      index[instruction.operand] = 0;
      loop.variables.push_back({.variable = instruction.operand, .assigned = instruction.range, .read = {}});
    }
  }
  std::ranges::sort(loop.variables, {}, &LoopVariable::variable);
  for (uint32_t i = 0; i < loop.variables.size(); ++i) index[loop.variables[i].variable] = i;
}

}  // namespace

void find_loop_variables(const FlowGraph& graph, const bytecode::DecodedFunction& decoded, ParallelLoop& loop) {
  std::vector<uint32_t> index(decoded.variables.size(), Flow::kOther);
  find_assigned(graph, decoded, loop, index);

  Flow likely{graph, decoded, loop, index, true};
  likely.run();
  likely.each_early_read([](LoopVariable& variable, const Instruction& instruction) {
    if (!variable.carried) variable.read = instruction.range;
    variable.carried = true;
  });
  Flow certain{graph, decoded, loop, index, false};
  certain.run();
  certain.each_early_read([](LoopVariable& variable, const Instruction&) { variable.checked = !variable.carried; });
}

}  // namespace metate::frontend
