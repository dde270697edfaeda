// operand_stack.h – the values on the operand stack while a block is translated.
#pragma once

#include <vector>

#include "compiler/frontend/stack_shape.h"
#include "compiler/frontend/variables.h"

namespace metate::frontend {

/// A loop over anything is counted: the iterable, its length, and how many items were taken.
struct Iterator {
  ir::Value iterable;
  ir::Value count;
  ir::Value index;
};

/// What lies on the stack where a block begins is read from the slots' variables when it is first needed, and only
/// what has changed is written back. `find_shapes` has made sure that everything taken is there.
class OperandStack {
 public:
  OperandStack(Ssa& ssa, const StackShapes& shapes, Variables variables)
      : ssa_(ssa), shapes_(shapes), variables_(variables) {}

  void begin(ir::Block block, ShapeId shape);
  /// Writes what was pushed to the slots' variables.
  void end();

  void push(ir::Value value) { entries_.push_back({Slot::kValue, {value, {}, {}}}); }
  void push(Iterator iterator) { entries_.push_back({Slot::kIterator, iterator}); }
  ir::Value pop();
  /// The top comes last.
  std::vector<ir::Value> pop(uint32_t count);
  Iterator iterator() { return read(depth()).parts; }
  void copy(uint32_t place);
  void swap(uint32_t place);
  /// The value at `place`, 1 being the top.
  ir::Value peek(uint32_t place) { return read(depth() + 1 - place).parts.iterable; }
  void replace(uint32_t place, ir::Value value);
  uint32_t depth() const { return below_ + static_cast<uint32_t>(entries_.size()); }
  /// How many of the lowest slots were left alone.
  uint32_t untouched() const { return below_; }

 private:
  struct Entry {
    Slot slot;
    Iterator parts;  // of a value the first
  };

  Entry read(uint32_t depth);  // 1 is the lowest
  void take(uint32_t count);   // makes the uppermost ones entries

  Ssa& ssa_;
  const StackShapes& shapes_;
  Variables variables_;
  ir::Block block_;
  ShapeId shape_;       // of what is still in the slots' variables
  uint32_t below_ = 0;  // its depth
  std::vector<Entry> entries_;
};

}  // namespace metate::frontend
