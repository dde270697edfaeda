#include "compiler/ir/analysis/liveness.h"

#include <algorithm>

namespace metate::ir {
namespace {

/// Values come by rising id, so the value is in the list if it is the last.
bool add_once(std::vector<Value>& list, Value value) {
  if (!list.empty() && list.back() == value) return false;
  list.push_back(value);
  return true;
}

}  // namespace

Liveness::Liveness(const Function& function, const ControlFlow& flow, const Uses& uses)
    : live_in_(function.block_count()), live_out_(function.block_count()), captures_(function.region_count()) {
  for (uint32_t i = 0; i < function.value_count(); ++i) {
    Value value(i);
    if (uses.unused(value)) continue;
    Inst definer = function.defining_inst(value);
    Block definition = definer ? function.inst(definer).block : Block(function.value(value).definer);
    for (const Use& use : uses.of(value)) {
      Block user = function.inst(use.inst).block;
      while (function.block(user).region != function.block(definition).region) {
        Region inner = function.block(user).region;
        add_once(captures_[inner.index()], value);
        user = function.inst(function.region(inner).owner).block;
      }
      if (user != definition) add(flow, value, definition, user);
    }
  }
}

void Liveness::add(const ControlFlow& flow, Value value, Block definition, Block user) {
  if (!add_once(live_in_[user.index()], value)) return;
  std::vector<Block> path{user};
  while (!path.empty()) {
    Block block = path.back();
    path.pop_back();
    for (Block from : flow.predecessors(block)) {
      add_once(live_out_[from.index()], value);
      if (from != definition && add_once(live_in_[from.index()], value)) path.push_back(from);
    }
  }
}

bool Liveness::contains(const std::vector<Value>& values, Value value) {
  return std::ranges::binary_search(values, value);
}

}  // namespace metate::ir
