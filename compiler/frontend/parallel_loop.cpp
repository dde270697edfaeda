#include "compiler/frontend/parallel_loop.h"

#include <algorithm>

#include "compiler/frontend/loop_variables.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;

struct Examiner {
  const FlowGraph& graph;
  const bytecode::CodeObject& code;
  const bytecode::DecodedFunction& decoded;
  ParallelLoop loop;
  std::optional<LoopProblem> problem = {};
  std::vector<bool> member = {};
  std::vector<bool> repeats = {};  // the head is reached again from here

  void run() {
    member.assign(graph.size(), false);
    repeats.assign(graph.size(), false);
    find_repeating();
    collect();
    if (!problem) check_entries();
  }

  // 1. Backwards from the jumps to the head: what an iteration may go through and still come to its end.
  void find_repeating() {
    std::vector<FlowBlockId> work;
    auto add = [&](FlowBlockId id) {
      if (id <= loop.head || repeats[id.index()]) return;
      repeats[id.index()] = true;
      work.push_back(id);
    };
    for (FlowBlockId id : graph[loop.head].predecessors) {
      if (id >= loop.head) ++loop.back_edges;
      add(id);
    }
    while (!work.empty()) {
      FlowBlockId id = work.back();
      work.pop_back();
      for (FlowBlockId predecessor : graph[id].predecessors) add(predecessor);
    }
  }

  // 2. Forwards from the first block of the body. Ways that end in a raise belong to the body as well; others that do
  //    not come back to the head leave the loop.
  void collect() {
    std::vector<FlowBlockId> work;
    std::vector<FlowBlockId> left_at(graph.size());  // the first block that does not repeat on the way here
    auto add = [&](FlowBlockId id, FlowBlockId from) {
      if (id == loop.head) return;
      FlowBlockId leaving = left_at[from.index()];
      if (!leaving && !repeats[id.index()]) leaving = id;
      if (id < loop.head || id == graph[loop.head].targets[1]) {
        // Nothing was done on the way out, so it was a jump: the way begins with the jump's own block.
        return report(leaving ? leaving : from, nullptr);
      }
      if (member[id.index()]) return;
      member[id.index()] = true;
      left_at[id.index()] = leaving;
      loop.last = std::max(loop.last, id);
      work.push_back(id);
    };
    loop.last = loop.head;
    add(graph[loop.head].targets[0], loop.head);
    while (!work.empty() && !problem) {
      FlowBlockId id = work.back();
      work.pop_back();
      const FlowBlock& block = graph[id];
      if (block.exit == Exit::kLeave && decoded.instructions[block.end - 1].opcode == Opcode::kReturn)
        return report(left_at[id.index()], &block);
      for (FlowBlockId successor : block.successors()) add(successor, id);
    }
  }

  // 3. In reverse postorder the body is one run of blocks behind the head, entered there only.
  void check_entries() {
    for (uint32_t i = loop.head.index() + 1; i <= loop.last.index(); ++i) {
      auto inside = [&](FlowBlockId from) { return from == loop.head || member[from.index()]; };
      if (member[i] && std::ranges::all_of(graph[FlowBlockId(i)].predecessors, inside)) continue;
      problem = {.malformed = true};
      return;
    }
  }

  /// `block` is the first one on a way out of the loop, `returning` the last one if it ends in a return. That may be
  /// the function's end, copied to a `break`: then it has the place of the `break`, which is five letters wide.
  void report(FlowBlockId block, const FlowBlock* returning) {
    support::SourceRange place = leaving_place(block);
    std::string statement = returning != nullptr ? "return" : "break";
    if (returning != nullptr) {
      bool has_columns = place.column >= 0 && place.line == place.end_line;
      if (has_columns ? place.end_column - place.column == 5
                      : decoded.instructions[returning->end - 1].range.line != place.line) {
        statement = "break";
      } else if (!has_columns && returns_none(*returning)) {
        statement = "break or return";
      }
    }
    problem = {.statement = std::move(statement), .place = place};
  }

  bool returns_none(const FlowBlock& block) const {
    if (block.end - block.begin < 2) return false;
    const Instruction& value = decoded.instructions[block.end - 2];
    return value.opcode == Opcode::kLoadConst && code.consts[value.operand].get_if<bytecode::Const::None>() != nullptr;
  }

  // The statement is where the loop's iterator is dropped.
  support::SourceRange leaving_place(FlowBlockId id) const {
    const FlowBlock* block = &graph[id];
    uint32_t limit = graph.shapes.depth(graph[loop.head].shape);
    for (uint32_t steps = 0; steps < graph.size(); ++steps) {
      uint32_t depth = graph.shapes.depth(block->shape);
      for (uint32_t i = block->begin; i < block->end; ++i) {
        const Instruction& instruction = decoded.instructions[i];
        bytecode::StackEffect effect = stack_effect(instruction.opcode, instruction.operand, instruction.extra);
        // With a value to return on top of the iterator, the two are swapped first.
        bool below = i > block->begin && decoded.instructions[i - 1].opcode == Opcode::kSwap;
        if (instruction.opcode == Opcode::kPop && depth == limit + (below ? 1 : 0)) return instruction.range;
        depth = depth - effect.pops + effect.pushes;
      }
      if (block->successors().empty()) break;
      block = &graph[block->successors().back()];
    }
    return block->end > block->begin ? decoded.instructions[block->end - 1].range : block->place;
  }
};

}  // namespace

const LoopVariable* ParallelLoop::find(uint32_t variable) const {
  auto found = std::ranges::lower_bound(variables, variable, {}, &LoopVariable::variable);
  return found != variables.end() && found->variable == variable ? &*found : nullptr;
}

ExaminedLoop examine_parallel_loop(const FlowGraph& graph, const bytecode::CodeObject& code,
                                   const bytecode::DecodedFunction& decoded, FlowBlockId head) {
  Examiner examiner{graph, code, decoded, {.head = head}};
  examiner.run();
  if (!examiner.problem) find_loop_variables(graph, decoded, examiner.loop);
  return {std::move(examiner.loop), std::move(examiner.problem)};
}

}  // namespace metate::frontend
