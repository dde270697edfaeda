#include "compiler/infer/order.h"

#include <algorithm>

namespace metate::infer {
namespace {

std::vector<ir::Block> successors(const ir::Function& function, ir::Block block) {
  std::vector<ir::Block> list;
  if (ir::Inst terminator = function.terminator(block))
    for (const ir::BlockCall& target : function.targets(terminator)) list.push_back(target.block);
  if (ir::Block handler = function.block(block).handler) list.push_back(handler);
  return list;
}

void append_region(const ir::Function& function, ir::Region region, std::vector<ir::Block>& order) {
  for (ir::Block block : reverse_postorder(function, region)) {
    order.push_back(block);
    for (ir::Inst inst : function.block(block).insts)
      if (function.inst(inst).opcode == ir::Opcode::kNest)
        append_region(function, function.nests[function.inst(inst).imm].body, order);
  }
}

}  // namespace

std::vector<ir::Block> reverse_postorder(const ir::Function& function, ir::Region region) {
  struct Visit {
    ir::Block block;
    std::vector<ir::Block> next;
  };
  std::vector<ir::Block> order;
  support::SideTable<ir::Block, char> seen;
  std::vector<Visit> stack;
  auto enter = [&](ir::Block block) {
    if (seen[block]) return;
    seen[block] = 1;
    stack.push_back({block, successors(function, block)});
  };
  enter(function.region(region).blocks.front());
  while (!stack.empty()) {
    if (stack.back().next.empty()) {
      order.push_back(stack.back().block);
      stack.pop_back();
    } else {
      ir::Block next = stack.back().next.back();
      stack.back().next.pop_back();
      enter(next);
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

std::vector<ir::Block> block_order(const ir::Function& function) {
  std::vector<ir::Block> order;
  append_region(function, function.body(), order);
  return order;
}

}  // namespace metate::infer
