// trim_loops – loops leave out the iterations at their ends that do nothing.
#pragma once

#include "llvm/IR/PassManager.h"

namespace metate::jit {

/// An innermost loop whose iterations do nothing unless its counter is below, above or equal to a bound that does not
/// change runs over those iterations alone. Such is the loop over the work-items of a group behind an
/// `if local < width`, as in the halvings of a tree. The vectoriser would do all iterations and mask them, which costs
/// twenty operations a store on CPUs of AMD before Zen 4. (LLVM's loop-bound-split, which would make two loops of one,
/// does not take these.)
struct TrimLoops : llvm::PassInfoMixin<TrimLoops> {
  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace metate::jit
