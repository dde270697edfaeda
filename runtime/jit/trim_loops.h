// trim_loops – loops leave out the iterations at their ends that do nothing.
#pragma once

#include "llvm/IR/PassManager.h"

namespace metate::jit {

/// An innermost loop whose iterations do nothing unless its counter is below, above or equal to a bound that does not
/// change runs over those iterations alone. So are the work-items of a group that an `if local < width` lets through,
/// as in the halvings of a tree: the vectoriser would do all and mask them, which costs twenty operations a store on
/// CPUs of AMD before Zen 4, and here no item is left of most.
struct TrimLoops : llvm::PassInfoMixin<TrimLoops> {
  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace metate::jit
