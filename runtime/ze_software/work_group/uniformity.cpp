#include "runtime/ze_software/work_group/uniformity.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/Analysis/CFG.h>
#include <llvm/Analysis/IteratedDominanceFrontier.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/PostDominators.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <vector>

#include "runtime/ze_software/spirv/items.h"

namespace metate::ze_software::work_group {
namespace {

/// Differs between items whatever its operands are.
bool is_source(const llvm::Instruction& instruction) {
  if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction)) {
    const llvm::Function* callee = call->getCalledFunction();
    if (callee && callee->getName() == spirv::kItemQuery) {
      const auto query = llvm::cast<llvm::ConstantInt>(call->getArgOperand(0))->getZExtValue();
      return query == static_cast<uint64_t>(spirv::ItemQuery::kGlobalId) ||
             query == static_cast<uint64_t>(spirv::ItemQuery::kLocalId);
    }
    return !call->doesNotAccessMemory();
  }
  return instruction.mayReadOrWriteMemory() || llvm::isa<llvm::AllocaInst>(instruction);
}

bool has_barrier(const llvm::BasicBlock& block) {
  return llvm::any_of(block, [](const llvm::Instruction& instruction) {
    auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
    return call && call->getCalledFunction() && spirv::waits_for_items(*call->getCalledFunction());
  });
}

/// The blocks from which items may still come to a barrier.
llvm::SmallPtrSet<llvm::BasicBlock*, 32> blocks_before_barriers(llvm::Function& body) {
  llvm::SmallPtrSet<llvm::BasicBlock*, 32> before;
  std::vector<llvm::BasicBlock*> work;
  auto add = [&](llvm::BasicBlock* block) {
    if (before.insert(block).second) work.push_back(block);
  };
  for (llvm::BasicBlock& block : body) {
    if (has_barrier(block)) add(&block);
  }
  while (!work.empty()) {
    llvm::BasicBlock* block = work.back();
    work.pop_back();
    for (llvm::BasicBlock* previous : llvm::predecessors(block)) add(previous);
  }
  return before;
}

class Analysis {
 public:
  explicit Analysis(llvm::Function& body)
      : body_(body), dominators_(body), loops_(dominators_), before_barriers_(blocks_before_barriers(body)) {}

  llvm::DenseSet<const llvm::Instruction*> run() {
    for (llvm::Instruction& instruction : llvm::instructions(body_)) {
      if (is_source(instruction)) mark(&instruction);
    }
    while (!work_.empty()) {
      llvm::Instruction* next = work_.back();
      work_.pop_back();
      for (llvm::User* user : next->users()) mark(llvm::cast<llvm::Instruction>(user));
      if (next->isTerminator()) follow_branch(*next);
    }
    return std::move(divergent_);
  }

 private:
  void mark(llvm::Instruction* instruction) {
    if (divergent_.insert(instruction).second) work_.push_back(instruction);
  }

  /// Items go different ways here: phis where the ways meet differ, and so does what leaves a loop that they leave at
  /// different times. Those that come to no barrier any more, as they failed or were too many, meet nobody.
  void follow_branch(llvm::Instruction& branch) {
    llvm::SmallPtrSet<llvm::BasicBlock*, 4> targets;
    for (llvm::BasicBlock* target : llvm::successors(&branch)) {
      if (before_barriers_.contains(target)) targets.insert(target);
    }
    if (targets.size() < 2) return;
    llvm::ForwardIDFCalculator meeting_points(dominators_);
    meeting_points.setDefiningBlocks(targets);
    llvm::SmallVector<llvm::BasicBlock*, 8> blocks;
    meeting_points.calculate(blocks);
    // Two edges may also meet in a target itself.
    blocks.append(targets.begin(), targets.end());
    for (llvm::BasicBlock* block : blocks) {
      for (llvm::PHINode& phi : block->phis()) mark(&phi);
    }
    for (llvm::Loop* loop = loops_.getLoopFor(branch.getParent()); loop; loop = loop->getParentLoop()) {
      const bool leaves = llvm::any_of(targets, [&](llvm::BasicBlock* target) { return !loop->contains(target); });
      if (leaves) mark_what_leaves(*loop);
    }
  }

  void mark_what_leaves(const llvm::Loop& loop) {
    for (llvm::BasicBlock* block : loop.blocks()) {
      for (llvm::Instruction& instruction : *block) {
        const bool used_outside = llvm::any_of(
            instruction.users(), [&](llvm::User* user) { return !loop.contains(llvm::cast<llvm::Instruction>(user)); });
        if (used_outside) mark(&instruction);
      }
    }
  }

  llvm::Function& body_;
  llvm::DominatorTree dominators_;
  llvm::LoopInfo loops_;
  llvm::SmallPtrSet<llvm::BasicBlock*, 32> before_barriers_;
  llvm::DenseSet<const llvm::Instruction*> divergent_;
  std::vector<llvm::Instruction*> work_;
};

}  // namespace

llvm::DenseSet<const llvm::Instruction*> divergent_values(llvm::Function& body) { return Analysis(body).run(); }

bool may_part_before(llvm::Function& body, llvm::ArrayRef<llvm::BasicBlock*> blocks, bool ends_meet_nobody) {
  const llvm::DenseSet<const llvm::Instruction*> divergent = divergent_values(body);
  const llvm::SmallPtrSet<llvm::BasicBlock*, 32> before_barriers = blocks_before_barriers(body);
  const llvm::PostDominatorTree behind(body);
  for (llvm::BasicBlock& from : body) {
    if (from.getTerminator()->getNumSuccessors() < 2 || !divergent.contains(from.getTerminator())) continue;
    const auto ways =
        llvm::count_if(llvm::successors(&from), [&](llvm::BasicBlock* next) { return before_barriers.contains(next); });
    if (ends_meet_nobody && ways < 2) continue;
    for (llvm::BasicBlock* block : blocks) {
      if (!behind.dominates(block, &from) && llvm::isPotentiallyReachable(&from, block)) return true;
    }
  }
  return false;
}

}  // namespace metate::ze_software::work_group
