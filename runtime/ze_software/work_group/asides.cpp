#include "runtime/ze_software/work_group/asides.h"

#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/IR/CFG.h>
#include <llvm/IR/Instructions.h>

namespace metate::ze_software::work_group {

llvm::DenseSet<llvm::BasicBlock*> find_asides(llvm::Function& body) {
  llvm::DenseSet<llvm::BasicBlock*> asides;
  auto is_aside = [&](llvm::BasicBlock& block) {
    for (llvm::Instruction& instruction : block) {
      if (llvm::isa<llvm::AtomicRMWInst, llvm::AtomicCmpXchgInst>(instruction)) return true;
      if (instruction.mayWriteToMemory()) return false;
    }
    return llvm::all_of(llvm::successors(&block), [&](llvm::BasicBlock* next) { return asides.contains(next); });
  };
  // Successors first, but for the ways back of loops, which lead to no return.
  for (llvm::BasicBlock* block : llvm::post_order(&body))
    if (is_aside(*block)) asides.insert(block);
  return asides;
}

bool reports_failure(const llvm::BasicBlock& aside) {
  constexpr int kMostBlocks = 4;  // that lead to a shared report
  const llvm::BasicBlock* block = &aside;
  for (int i = 0; block && i < kMostBlocks; ++i, block = block->getSingleSuccessor()) {
    for (const llvm::Instruction& instruction : *block) {
      auto* access = llvm::dyn_cast<llvm::AtomicRMWInst>(&instruction);
      if (!access) continue;
      auto* record = llvm::dyn_cast<llvm::Argument>(access->getPointerOperand());
      return access->getOperation() == llvm::AtomicRMWInst::UMin && record &&
             record->getArgNo() + 1 == record->getParent()->arg_size();
    }
  }
  return false;
}

}  // namespace metate::ze_software::work_group
