#include "compiler/transform/array_roots.h"

namespace metate::transform {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using support::BitSet;

bool holds_arrays(const types::TypeTable& types, ir::TypeId id) {
  const types::Type& type = types[id];
  if (type.kind == types::TypeKind::kArray) return true;
  for (ir::TypeId element : type.elements)
    if (holds_arrays(types, element)) return true;
  return false;
}

ArrayRoots::ArrayRoots(const ir::Function& function, ir::Region region) : function_(function) {
  collect(region);
  live_in_ = support::SideTable<Block, BitSet>(BitSet(count()));
  live_out_ = support::SideTable<Block, BitSet>(BitSet(count()));
  solve(region);
}

void ArrayRoots::add_root(Value value) {
  if (!holds_arrays(function_.universe().types, function_.type(value))) return;
  index_[value] = static_cast<int>(roots_.size());
  roots_.push_back(value);
}

void ArrayRoots::collect(ir::Region region) {
  const std::vector<Block>& blocks = function_.region(region).blocks;
  for (Block block : blocks) {
    // The entry of the function has borrowed parameters; a nest's has accumulators, which are counted.
    if (block != blocks.front() || region != function_.body())
      for (Value parameter : function_.block(block).params) add_root(parameter);
    for (Inst inst : function_.block(block).insts) {
      Opcode opcode = function_.inst(inst).opcode;
      if (opcode == Opcode::kAlloc || opcode == Opcode::kCall || opcode == Opcode::kNest)
        for (Value result : function_.results(inst)) add_root(result);
    }
  }
}

BitSet ArrayRoots::standing_on(Value value) const {
  BitSet roots(count());
  std::vector<Value> work{value};
  while (!work.empty()) {
    Value current = work.back();
    work.pop_back();
    if (index_[current] >= 0) {
      roots.insert(static_cast<size_t>(index_[current]));
      continue;
    }
    Inst inst = function_.defining_inst(current);
    if (!inst || !holds_arrays(function_.universe().types, function_.type(current))) continue;
    for (Value operand : function_.operands(inst)) work.push_back(operand);
  }
  return roots;
}

BitSet ArrayRoots::used_by(Inst inst) const {
  BitSet roots(count());
  for (Value operand : function_.operands(inst)) roots.unite(standing_on(operand));
  for (const ir::BlockCall& call : function_.targets(inst))
    for (Value argument : function_.arguments(call)) roots.unite(standing_on(argument));
  if (function_.inst(inst).opcode == Opcode::kNest) {
    ir::Region body = function_.nests[function_.inst(inst).imm].body;
    for (Block block : function_.region(body).blocks)
      for (Inst inner : function_.block(block).insts) roots.unite(used_by(inner));
  }
  return roots;
}

void ArrayRoots::solve(ir::Region region) {
  const std::vector<Block>& blocks = function_.region(region).blocks;
  const BitSet none(count());
  support::SideTable<Block, BitSet> used(none), made(none);
  for (Block block : blocks) {
    for (Value parameter : function_.block(block).params)
      if (index_[parameter] >= 0) made[block].insert(static_cast<size_t>(index_[parameter]));
    for (Inst inst : function_.block(block).insts) {
      BitSet uses = used_by(inst);
      uses.subtract(made[block]);
      used[block].unite(uses);
      for (Value result : function_.results(inst))
        if (index_[result] >= 0) made[block].insert(static_cast<size_t>(index_[result]));
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = blocks.size(); i-- > 0;) {
      Block block = blocks[i];
      BitSet out(count());
      if (Inst last = function_.terminator(block))
        for (const ir::BlockCall& call : function_.targets(last)) out.unite(live_in_[call.block]);
      live_out_[block] = out;
      out.subtract(made[block]);
      out.unite(used[block]);
      changed |= live_in_[block].unite(out);
    }
  }
}

}  // namespace metate::transform
