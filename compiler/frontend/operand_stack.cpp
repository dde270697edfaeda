#include "compiler/frontend/operand_stack.h"

#include <utility>

namespace metate::frontend {

void OperandStack::begin(ir::Block block, ShapeId shape) {
  block_ = block;
  shape_ = shape;
  below_ = shapes_.depth(shape);
  entries_.clear();
}

void OperandStack::end() {
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    uint32_t depth = below_ + 1 + i;
    ssa_.write(variables_.slot_value(depth), block_, entry.parts.iterable);
    if (entry.slot == Slot::kValue) continue;
    ssa_.write(variables_.slot_count(depth), block_, entry.parts.count);
    ssa_.write(variables_.slot_index(depth), block_, entry.parts.index);
  }
}

ir::Value OperandStack::pop() {
  take(1);
  ir::Value value = entries_.back().parts.iterable;
  entries_.pop_back();
  return ssa_.resolve(value);
}

std::vector<ir::Value> OperandStack::pop(uint32_t count) {
  std::vector<ir::Value> values(count);
  for (uint32_t i = count; i-- > 0;) values[i] = pop();
  return values;
}

void OperandStack::copy(uint32_t place) { push(peek(place)); }

void OperandStack::swap(uint32_t place) {
  if (place < 2) return;
  take(place);
  std::swap(entries_.back(), entries_[entries_.size() - place]);
}

void OperandStack::replace(uint32_t place, ir::Value value) {
  take(place);
  entries_[entries_.size() - place] = {Slot::kValue, {value, {}, {}}};
}

OperandStack::Entry OperandStack::read(uint32_t depth) {
  if (depth > below_) {
    Entry entry = entries_[depth - below_ - 1];
    entry.parts.iterable = ssa_.resolve(entry.parts.iterable);
    return entry;
  }
  ShapeId shape = shape_;
  while (shapes_.depth(shape) > depth) shape = shapes_.below(shape);
  Entry entry{shapes_.top(shape), {ssa_.read(variables_.slot_value(depth), block_), {}, {}}};
  if (entry.slot == Slot::kIterator) {
    entry.parts.count = ssa_.read(variables_.slot_count(depth), block_);
    entry.parts.index = ssa_.read(variables_.slot_index(depth), block_);
  }
  return entry;
}

void OperandStack::take(uint32_t count) {
  std::vector<Entry> taken;
  while (entries_.size() + taken.size() < count) {
    taken.push_back(read(below_));
    shape_ = shapes_.below(shape_);
    --below_;
  }
  entries_.insert(entries_.begin(), taken.rbegin(), taken.rend());
}

}  // namespace metate::frontend
