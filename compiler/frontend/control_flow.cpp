#include "compiler/frontend/control_flow.h"

#include <algorithm>

#include "compiler/frontend/merge_blocks.h"
#include "compiler/frontend/shared_tails.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;

bool is_jump(const Instruction& instruction) { return (flags(instruction.opcode) & bytecode::kJump) != 0; }
bool falls_through(const Instruction& instruction) {
  return (flags(instruction.opcode) & bytecode::kNoFallThrough) == 0;
}

base::Error malformed(std::string what) { return {base::ErrorCode::kInvalidArgument, std::move(what)}; }

struct Cutter {
  const bytecode::CodeObject& code;
  const std::vector<Instruction>& instructions;
  std::vector<bool> leaders = {};
  std::vector<FlowBlockId> block_at = {};
  FlowGraph graph = {};

  base::Result<FlowGraph> run() {
    if (instructions.empty() || falls_through(instructions.back())) return malformed("control runs past its end");
    if (!find_leaders()) return malformed("a jump leads out of the function");
    make_blocks();
    std::vector<bool> between_statements;
    if (base::Status status = find_shapes(graph, instructions, between_statements); !status) return status.take_error();
    mark_shared_tails(instructions, between_statements, leaders);
    make_blocks();
    if (base::Status status = find_shapes(graph, instructions, between_statements); !status) return status.take_error();
    return std::move(graph);
  }

  bool find_leaders() {
    leaders.assign(instructions.size() + 1, false);
    leaders.front() = leaders.back() = true;
    for (uint32_t i = 0; i < instructions.size(); ++i) {
      if (is_jump(instructions[i])) {
        if (instructions[i].operand >= instructions.size()) return false;
        leaders[instructions[i].operand] = true;
      }
      if (is_jump(instructions[i]) || !falls_through(instructions[i])) leaders[i + 1] = true;
      // The head of a loop is a block of its own, even if nothing jumps to it.
      if (instructions[i].opcode == Opcode::kForIter) leaders[i] = true;
    }
    return true;
  }

  void make_blocks() {
    graph = {};
    block_at.assign(instructions.size(), {});
    for (uint32_t begin = 0; begin < instructions.size();) {
      uint32_t end = begin + 1;
      while (!leaders[end]) ++end;
      block_at[begin] = graph.blocks.add({.begin = begin, .end = end});
      begin = end;
    }
    for (FlowBlock& block : graph.blocks) end_block(block);
  }

  void end_block(FlowBlock& block) {
    const Instruction& last = instructions[block.end - 1];
    if (!is_jump(last)) {
      if (!falls_through(last)) return;
      block.exit = Exit::kJump;
      block.targets = {block_at[block.end]};
      return;
    }
    FlowBlockId target = block_at[last.operand];
    FlowBlockId next = block.end < instructions.size() ? block_at[block.end] : FlowBlockId();
    --block.end;
    block.place = last.range;
    switch (last.opcode) {
      case Opcode::kJump:
        block.exit = Exit::kJump;
        block.targets = {target};
        break;
      case Opcode::kForIter:
        block.exit = Exit::kForIter;
        block.targets = {next, target};
        break;
      case Opcode::kJumpIfNone:
      case Opcode::kJumpIfNotNone:
        block.exit = Exit::kBranchNone;
        block.targets = {next, target};
        if (last.opcode == Opcode::kJumpIfNone) std::swap(block.targets[0], block.targets[1]);
        break;
      default:
        block.exit = Exit::kBranch;
        block.targets = {next, target};
        if (last.opcode == Opcode::kJumpIfTrue) std::swap(block.targets[0], block.targets[1]);
        see_none_test(block);
    }
  }

  // 3.10 compares with None before an ordinary branch; later ones have jumps for it.
  void see_none_test(FlowBlock& block) {
    if (block.end - block.begin < 2) return;
    const Instruction& load = instructions[block.end - 2];
    const Instruction& compare = instructions[block.end - 1];
    if (load.opcode != Opcode::kLoadConst || compare.opcode != Opcode::kIs || load.operand >= code.consts.size() ||
        !code.consts[load.operand].get_if<bytecode::Const::None>()) {
      return;
    }
    block.exit = Exit::kBranchNone;
    block.end -= 2;
    if (compare.operand != 0) std::swap(block.targets[0], block.targets[1]);
  }
};

}  // namespace

base::Result<FlowGraph> make_flow_graph(const bytecode::CodeObject& code, const bytecode::DecodedFunction& decoded) {
  base::Result<FlowGraph> graph = Cutter{code, decoded.instructions}.run();
  if (!graph) return graph;
  FlowBlockId entry = merge_blocks(*graph, decoded.instructions);
  renumber(*graph, entry);
  return graph;
}

std::vector<FlowBlockId> postorder(const FlowGraph& graph, FlowBlockId entry) {
  // With a stack of our own, as functions may be long.
  struct Visit {
    FlowBlockId block;
    uint32_t rest;  // successors to go into
  };
  std::vector<FlowBlockId> order;
  std::vector<bool> seen(graph.size());
  std::vector<Visit> path;
  auto enter = [&](FlowBlockId id) {
    if (seen[id.index()]) return;
    seen[id.index()] = true;
    path.push_back({id, static_cast<uint32_t>(graph[id].successors().size())});
  };
  enter(entry);
  while (!path.empty()) {
    Visit& visit = path.back();
    if (visit.rest == 0) {
      order.push_back(visit.block);
      path.pop_back();
    } else {
      enter(graph[visit.block].targets[--visit.rest]);
    }
  }
  return order;
}

void renumber(FlowGraph& graph, FlowBlockId entry) {
  std::vector<FlowBlockId> order = postorder(graph, entry);
  std::ranges::reverse(order);
  std::vector<FlowBlockId> renamed(graph.size());
  for (uint32_t i = 0; i < order.size(); ++i) renamed[order[i].index()] = FlowBlockId(i);

  support::IdVector<FlowBlockId, FlowBlock> blocks;
  for (FlowBlockId old : order) {
    FlowBlock block = graph[old];
    block.predecessors.clear();
    for (size_t i = 0; i < block.successors().size(); ++i) block.targets[i] = renamed[block.targets[i].index()];
    blocks.add(std::move(block));
  }
  graph.blocks = std::move(blocks);
  for (uint32_t i = 0; i < graph.size(); ++i)
    for (FlowBlockId successor : graph[FlowBlockId(i)].successors())
      graph[successor].predecessors.push_back(FlowBlockId(i));
}

}  // namespace metate::frontend
