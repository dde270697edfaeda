#include "runtime/jit/whole_stores.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

namespace metate::jit {
namespace {

/// What the store's place held before, where the stored vector is a selection between that and something else. Minima
/// and maxima become selections where the CPU has no instruction for them.
llvm::LoadInst* old_elements(llvm::StoreInst& store) {
  auto* stored = llvm::dyn_cast<llvm::Instruction>(store.getValueOperand());
  if (!stored || !stored->getType()->isVectorTy()) return nullptr;
  if (!llvm::isa<llvm::SelectInst, llvm::MinMaxIntrinsic>(stored)) return nullptr;
  for (llvm::Value* side : stored->operand_values()) {
    auto* load = llvm::dyn_cast<llvm::LoadInst>(side);
    if (load && load->getPointerOperand() == store.getPointerOperand()) return load;
  }
  return nullptr;
}

}  // namespace

llvm::PreservedAnalyses WholeStores::run(llvm::Function& function, llvm::FunctionAnalysisManager&) {
  llvm::SmallVector<llvm::LoadInst*, 8> loads;
  for (llvm::BasicBlock& block : function)
    for (llvm::Instruction& instruction : block)
      if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction))
        if (llvm::LoadInst* load = old_elements(*store)) loads.push_back(load);
  for (llvm::LoadInst* load : loads) {
    llvm::IRBuilder<> builder(load->getNextNode());
    llvm::Value* frozen = builder.CreateFreeze(load);
    // All uses, so that a minimum is still seen to be one.
    load->replaceUsesWithIf(frozen, [&](llvm::Use& use) { return use.getUser() != frozen; });
  }
  return loads.empty() ? llvm::PreservedAnalyses::all() : llvm::PreservedAnalyses::none();
}

}  // namespace metate::jit
