#include "runtime/ze_software/work_group/block_order.h"

#include <llvm/Analysis/LoopInfo.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/Dominators.h>

#include <utility>
#include <vector>

namespace metate::ze_software::work_group {

llvm::DenseMap<llvm::BasicBlock*, size_t> number_blocks(llvm::Function& body) {
  const llvm::DominatorTree dominators(body);
  const llvm::LoopInfo loops(dominators);
  // A walk in depth that leaves loops as soon as it can is through with what follows a loop before it is with the loop.
  struct Step {
    llvm::BasicBlock* block;
    std::vector<llvm::BasicBlock*> next;
  };
  auto step_at = [&](llvm::BasicBlock* block) {
    std::vector<std::pair<unsigned, llvm::BasicBlock*>> next;
    for (llvm::BasicBlock* successor : llvm::successors(block))
      next.emplace_back(loops.getLoopDepth(successor), successor);
    llvm::sort(next, [](const auto& a, const auto& b) { return a.first > b.first; });  // the last is taken first
    Step step{block, {}};
    for (const auto& [depth, successor] : next) step.next.push_back(successor);
    return step;
  };
  llvm::DenseMap<llvm::BasicBlock*, size_t> numbers;
  size_t left = body.size();
  std::vector<Step> path;
  numbers[&body.getEntryBlock()] = 0;
  path.push_back(step_at(&body.getEntryBlock()));
  while (!path.empty()) {
    if (path.back().next.empty()) {
      numbers[path.back().block] = left--;
      path.pop_back();
      continue;
    }
    llvm::BasicBlock* next = path.back().next.back();
    path.back().next.pop_back();
    if (numbers.insert({next, 0}).second) path.push_back(step_at(next));
  }
  return numbers;
}

}  // namespace metate::ze_software::work_group
