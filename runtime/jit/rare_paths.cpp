#include "runtime/jit/rare_paths.h"

#include <cstdint>
#include <vector>

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ProfDataUtils.h"
#include "llvm/Transforms/Utils/CodeExtractor.h"

namespace metate::jit {
namespace {

using llvm::BasicBlock;
using llvm::Function;

/// The first blocks of rare sides. They have no other predecessors: a loop's header would not do.
std::vector<BasicBlock*> rare_sides(Function& function) {
  std::vector<BasicBlock*> sides;
  for (BasicBlock& block : function) {
    auto* branch = llvm::dyn_cast<llvm::BranchInst>(block.getTerminator());
    uint64_t weights[2];
    if (!branch || !branch->isConditional() || !llvm::extractBranchWeights(*branch, weights[0], weights[1])) continue;
    for (unsigned side = 0; side < 2; ++side) {
      BasicBlock* first = branch->getSuccessor(side);
      if (weights[side] == 0 && first->getSinglePredecessor()) sides.push_back(first);
    }
  }
  return sides;
}

void mark_rare(Function& function) {
  function.addFnAttr(llvm::Attribute::Cold);
  function.addFnAttr(llvm::Attribute::OptimizeForSize);
  function.addFnAttr(llvm::Attribute::NoInline);
}

void move_rare_paths(Function& function) {
  std::vector<BasicBlock*> sides = rare_sides(function);
  if (sides.empty()) return;
  llvm::DominatorTree dominators(function);
  llvm::CodeExtractorAnalysisCache cache(function);
  for (BasicBlock* side : sides) {
    if (side->getParent() != &function) continue;  // it has moved already, with a rare side around it
    llvm::SmallVector<BasicBlock*, 16> blocks;
    dominators.getDescendants(side, blocks);
    llvm::CodeExtractor extractor(blocks, &dominators, /*AggregateArgs=*/false, nullptr, nullptr, nullptr,
                                  /*AllowVarArgs=*/false, /*AllowAlloca=*/false, nullptr, "rare");
    if (Function* moved = extractor.extractCodeRegion(cache)) mark_rare(*moved);
  }
}

/// Bodies of parallel loops that a rare path hands to the runtime, and what those call.
bool only_rare_use(const Function& function) {
  return !function.use_empty() && llvm::all_of(function.users(), [](const llvm::User* user) {
    const auto* inst = llvm::dyn_cast<llvm::Instruction>(user);
    return inst && is_rare(*inst->getFunction());
  });
}

}  // namespace

bool is_rare(const Function& function) { return function.hasFnAttribute(llvm::Attribute::Cold); }

void move_rare_paths(llvm::Module& module) {
  std::vector<Function*> defined;
  for (Function& function : module)
    if (!function.isDeclaration()) defined.push_back(&function);
  for (Function* function : defined) move_rare_paths(*function);
  for (bool changed = true; changed;) {
    changed = false;
    for (Function* function : defined) {
      if (is_rare(*function) || !function->hasInternalLinkage() || !only_rare_use(*function)) continue;
      mark_rare(*function);
      changed = true;
    }
  }
}

}  // namespace metate::jit
