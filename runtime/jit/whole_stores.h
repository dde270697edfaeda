// whole_stores – vectors that change some elements in memory are stored whole.
#pragma once

#include "llvm/IR/PassManager.h"

namespace metate::jit {

/// LLVM makes a masked store of "load, select, store to the same place", as in `m[j] = max(m[j], x[j])`. CPUs of AMD
/// before Zen 4 take some twenty operations for one; a blend and a store cost next to nothing anywhere. A `freeze` of
/// what was loaded, which is no instruction, hides that it is the same.
struct WholeStores : llvm::PassInfoMixin<WholeStores> {
  llvm::PreservedAnalyses run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses);
};

}  // namespace metate::jit
