#include "compiler/frontend/stack_shape.h"

#include <optional>

#include "compiler/frontend/control_flow.h"

namespace metate::frontend {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;

// Far beyond what people write, and small enough that damaged code cannot make us fill the memory.
constexpr uint32_t kMaxDepth = 1u << 16;

struct ShapeFinder {
  FlowGraph& graph;
  const std::vector<Instruction>& instructions;
  std::vector<bool>& between_statements;
  std::vector<FlowBlockId> work = {};
  std::string error = {};

  base::Status run() {
    arrive(FlowBlockId(0), graph.shapes.empty());
    while (!work.empty() && error.empty()) {
      FlowBlockId id = work.back();
      work.pop_back();
      walk(graph[id]);
    }
    if (!error.empty()) return base::Error{base::ErrorCode::kInvalidArgument, error};
    return base::Success{};
  }

  void arrive(FlowBlockId id, ShapeId shape) {
    FlowBlock& block = graph[id];
    if (!block.shape) {
      block.shape = shape;
      work.push_back(id);
    } else if (block.shape != shape) {
      error = "the operand stack differs between the ways to one place";
    }
  }

  void walk(const FlowBlock& block) {
    ShapeId shape = block.shape;
    for (uint32_t i = block.begin; i < block.end && error.empty(); ++i) {
      between_statements[i] = !graph.shapes.has_values(shape);
      shape = step(instructions[i], shape);
    }
    if (!error.empty()) return;
    switch (block.exit) {
      case Exit::kLeave:
        return;
      case Exit::kJump:
        return arrive(block.targets[0], shape);
      case Exit::kBranch:
      case Exit::kBranchNone:
        shape = pop(shape, Slot::kValue);
        if (!error.empty()) return;
        arrive(block.targets[0], shape);
        return arrive(block.targets[1], shape);
      case Exit::kForIter: {
        ShapeId rest = pop(shape, Slot::kIterator);
        if (!error.empty()) return;
        arrive(block.targets[0], push(shape, Slot::kValue));
        return arrive(block.targets[1], rest);
      }
    }
  }

  ShapeId step(const Instruction& instruction, ShapeId shape) {
    switch (instruction.opcode) {
      case Opcode::kCopy:
        if (instruction.operand == 0 || at(shape, instruction.operand) != Slot::kValue) return fail("no value to copy");
        return push(shape, Slot::kValue);
      case Opcode::kSwap:
        return swap(shape, instruction.operand);
      case Opcode::kPop:
        return pop(shape, std::nullopt);
      case Opcode::kGetIter:
        return push(pop(shape, Slot::kValue), Slot::kIterator);
      default:
        break;
    }
    bytecode::StackEffect effect = stack_effect(instruction.opcode, instruction.operand, instruction.extra);
    uint64_t needed = uint64_t{effect.pops} + effect.peeks;
    if (needed > depth(shape)) return fail("the operand stack is too short");
    for (uint32_t i = 0; i < effect.pops && error.empty(); ++i) shape = pop(shape, Slot::kValue);
    for (uint32_t i = 0; i < effect.pushes && error.empty(); ++i) shape = push(shape, Slot::kValue);
    return shape;
  }

  ShapeId swap(ShapeId shape, uint32_t count) {
    if (count < 2) return count == 1 ? shape : fail("a swap with nothing");
    std::vector<Slot> moved;
    for (uint32_t i = 0; i < count; ++i) {
      if (depth(shape) == 0) return fail("the operand stack is too short");
      moved.push_back(graph.shapes.top(shape));
      shape = graph.shapes.below(shape);
    }
    std::swap(moved.front(), moved.back());
    for (size_t i = moved.size(); i-- > 0;) shape = push(shape, moved[i]);
    return shape;
  }

  uint32_t depth(ShapeId shape) const { return shape ? graph.shapes.depth(shape) : 0; }

  std::optional<Slot> at(ShapeId shape, uint32_t place) const {
    if (place > depth(shape)) return std::nullopt;
    while (--place > 0) shape = graph.shapes.below(shape);
    return graph.shapes.top(shape);
  }

  ShapeId pop(ShapeId shape, std::optional<Slot> expected) {
    if (depth(shape) == 0) return fail("the operand stack is too short");
    if (expected && graph.shapes.top(shape) != *expected)
      return fail(*expected == Slot::kValue ? "an iterator where a value should be"
                                            : "a loop over what is no iterator");
    return graph.shapes.below(shape);
  }

  ShapeId push(ShapeId shape, Slot slot) {
    if (!shape) return shape;
    if (depth(shape) >= kMaxDepth) return fail("the operand stack is too deep");
    return graph.shapes.push(shape, slot);
  }

  ShapeId fail(const char* what) {
    error = what;
    return ShapeId();
  }
};

}  // namespace

ShapeId StackShapes::push(ShapeId below, Slot slot) {
  uint64_t key = uint64_t{below.index()} << 1 | static_cast<uint64_t>(slot);
  auto [found, inserted] = index_.try_emplace(key, ShapeId(static_cast<uint32_t>(nodes_.size())));
  if (inserted) {
    const Node& rest = nodes_[below.index()];
    nodes_.push_back({below, slot, rest.depth + 1, rest.values || slot == Slot::kValue});
  }
  return found->second;
}

base::Status find_shapes(FlowGraph& graph, const std::vector<Instruction>& instructions,
                         std::vector<bool>& between_statements) {
  between_statements.assign(instructions.size(), false);
  return ShapeFinder{graph, instructions, between_statements}.run();
}

}  // namespace metate::frontend
