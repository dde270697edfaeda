#include "compiler/frontend/ssa.h"

#include <utility>

namespace metate::frontend {

ir::Value Ssa::read(Variable variable, ir::Block block) {
  ir::Value value = look_up(variable, block);
  complete_phis();
  return resolve(value);
}

ir::Value Ssa::look_up(Variable variable, ir::Block block) {
  std::vector<ir::Block> passed;
  ir::Value value;
  for (;;) {
    if (auto found = definitions_.find(key(variable, block)); found != definitions_.end()) {
      value = found->second;
      break;
    }
    passed.push_back(block);
    BlockState& state = blocks_[block];
    if (state.outer) {
      value = state.at_entry(variable);
      if (value) break;
      block = state.outer;
    } else if (state.sealed && state.edges.size() == 1) {
      block = state.edges[0].from;
    } else {
      uint32_t phi = add_phi(variable, block);
      (state.sealed ? pending_ : state.incomplete).push_back(phi);
      value = phis_[phi].value;
      break;
    }
  }
  for (ir::Block b : passed) definitions_[key(variable, b)] = value;
  return value;
}

uint32_t Ssa::add_phi(Variable variable, ir::Block block) {
  auto index = static_cast<uint32_t>(phis_.size());
  ir::Value value = function_.add_param(block, function_.universe().types.unknown(), name_of_(variable));
  phis_.push_back({value, variable, block, {}, {}});
  phi_of_[value] = index;
  return index;
}

void Ssa::complete_phis() {
  std::vector<uint32_t> completed;
  while (!pending_.empty()) {
    uint32_t index = pending_.back();
    pending_.pop_back();
    Variable variable = phis_[index].variable;
    // Looking up may add phis, so nothing of `phis_` is held meanwhile.
    std::vector<ir::Value> arguments;
    for (const Edge& edge : std::vector(blocks_[phis_[index].block].edges)) {
      ir::Value argument = resolve(look_up(variable, edge.from));
      arguments.push_back(argument);
      add_user(argument, index);
    }
    phis_[index].arguments = std::move(arguments);
    completed.push_back(index);
  }
  for (uint32_t index : completed) remove_if_trivial(index);
}

void Ssa::remove_if_trivial(uint32_t first) {
  std::vector<uint32_t> work{first};
  while (!work.empty()) {
    uint32_t index = work.back();
    work.pop_back();
    Phi& phi = phis_[index];
    if (phi.removed || phi.arguments.empty()) continue;
    ir::Value same;
    bool trivial = true;
    for (ir::Value argument : phi.arguments) {
      argument = resolve(argument);
      if (argument == phi.value || argument == same) continue;
      trivial = !same;
      same = argument;
      if (!trivial) break;
    }
    // A phi of nothing but itself stands in a loop that is never entered.
    if (!trivial || !same) continue;
    phi.removed = true;
    replace(phi.value, same);
    for (uint32_t user : std::exchange(phi.users, {})) {
      add_user(same, user);
      work.push_back(user);
    }
  }
}

void Ssa::add_user(ir::Value argument, uint32_t user) {
  if (uint32_t phi = std::as_const(phi_of_)[argument]; phi != kNoPhi) phis_[phi].users.push_back(user);
}

void Ssa::add_edge(ir::Block from, uint32_t target, ir::Block to) {
  METATE_ASSERT(!blocks_[to].sealed);
  blocks_[to].edges.push_back({from, target});
}

void Ssa::seal(ir::Block block) {
  BlockState& state = blocks_[block];
  METATE_ASSERT(!state.sealed);
  state.sealed = true;
  pending_.insert(pending_.end(), state.incomplete.rbegin(), state.incomplete.rend());
  state.incomplete.clear();
  complete_phis();
}

void Ssa::open_region(ir::Block entry, ir::Block outer, AtEntry at_entry) {
  BlockState& state = blocks_[entry];
  state.outer = outer;
  state.at_entry = std::move(at_entry);
  state.sealed = true;
}

ir::Value Ssa::resolve(ir::Value value) const {
  ir::Value last = value;
  while (ir::Value next = std::as_const(forward_)[last]) last = next;
  while (value != last) value = std::exchange(forward_[value], last);
  return last;
}

const Ssa::Phi* Ssa::phi(ir::Value value) const {
  uint32_t index = phi_of_[value];
  return index == kNoPhi ? nullptr : &phis_[index];
}

}  // namespace metate::frontend
