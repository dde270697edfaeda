#include "runtime/jit/trim_loops.h"

#include <optional>

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

namespace metate::jit {
namespace {

using llvm::BasicBlock;
using llvm::CmpInst;
using llvm::Instruction;
using llvm::Value;

/// A loop that has the right form: its header asks whether there is something to do, its latch whether to go on.
struct Candidate {
  llvm::Loop* loop;
  llvm::PHINode* counter;
  llvm::BranchInst* guard;       // ends the header; one way leads to the latch at once
  CmpInst::Predicate predicate;  // counter `predicate` bound: there is something to do
  Value* bound;
  unsigned body;  // which successor of the guard that is
};

bool has_effects(const BasicBlock& block) {
  return llvm::any_of(block, [](const Instruction& instruction) { return instruction.mayHaveSideEffects(); });
}

bool is_used_behind(const llvm::Loop& loop) {
  for (const BasicBlock* block : loop.blocks())
    for (const Instruction& instruction : *block)
      for (const llvm::User* user : instruction.users())
        if (!loop.contains(llvm::cast<Instruction>(user))) return true;
  return false;
}

std::optional<Candidate> candidate(llvm::Loop& loop) {
  BasicBlock* header = loop.getHeader();
  BasicBlock* latch = loop.getLoopLatch();
  if (!loop.isInnermost() || !latch || latch == header) return std::nullopt;
  if (loop.getExitingBlock() != latch) return std::nullopt;
  auto* guard = llvm::dyn_cast<llvm::BranchInst>(header->getTerminator());
  auto* again = llvm::dyn_cast<llvm::BranchInst>(latch->getTerminator());
  if (!guard || !again || !guard->isConditional() || !again->isConditional()) return std::nullopt;
  const unsigned body = guard->getSuccessor(0) == latch ? 1 : 0;
  if (guard->getSuccessor(1 - body) != latch || guard->getSuccessor(body) == latch) return std::nullopt;
  auto* counter = llvm::dyn_cast<llvm::PHINode>(&header->front());
  if (!counter || llvm::isa<llvm::PHINode>(counter->getNextNode()) || llvm::isa<llvm::PHINode>(&latch->front()))
    return std::nullopt;
  auto* compare = llvm::dyn_cast<llvm::ICmpInst>(guard->getCondition());
  if (!compare) return std::nullopt;
  Value* bound = compare->getOperand(1);
  CmpInst::Predicate predicate = compare->getPredicate();
  if (bound == counter) {
    bound = compare->getOperand(0);
    predicate = CmpInst::getSwappedPredicate(predicate);
  } else if (compare->getOperand(0) != counter) {
    return std::nullopt;
  }
  if (body == 1) predicate = CmpInst::getInversePredicate(predicate);
  if (predicate == CmpInst::ICMP_NE || !loop.isLoopInvariant(bound)) return std::nullopt;
  if (has_effects(*header) || has_effects(*latch) || is_used_behind(loop)) return std::nullopt;
  return Candidate{&loop, counter, guard, predicate, bound, body};
}

/// The first and the last iteration with something to do, and whether there is any.
struct Range {
  Value *first, *last, *is_any;
};

Range range_of(const Candidate& candidate, Value* first, Value* last, bool is_signed, llvm::IRBuilder<>& builder) {
  const CmpInst::Predicate at_most = is_signed ? CmpInst::ICMP_SLE : CmpInst::ICMP_ULE;
  Value* const bound = candidate.bound;
  if (candidate.predicate == CmpInst::ICMP_EQ)
    return {bound, bound,
            builder.CreateAnd(builder.CreateICmp(at_most, first, bound), builder.CreateICmp(at_most, bound, last))};
  auto extreme = [&](llvm::Intrinsic::ID of_signed, llvm::Intrinsic::ID of_unsigned, Value* a, Value* b) {
    return builder.CreateBinaryIntrinsic(is_signed ? of_signed : of_unsigned, a, b);
  };
  const bool is_from_below =
      candidate.predicate == CmpInst::getStrictPredicate(at_most) || candidate.predicate == at_most;
  Value* inclusive = bound;
  Value* is_any = builder.getTrue();
  if (CmpInst::isStrictPredicate(candidate.predicate)) {
    // Nothing lies beyond the least or the greatest number.
    const unsigned bits = bound->getType()->getIntegerBitWidth();
    const llvm::APInt end = is_from_below
                                ? (is_signed ? llvm::APInt::getSignedMinValue(bits) : llvm::APInt(bits, 0))
                                : (is_signed ? llvm::APInt::getSignedMaxValue(bits) : llvm::APInt::getMaxValue(bits));
    is_any = builder.CreateICmpNE(bound, builder.getInt(end));
    Value* const one = llvm::ConstantInt::get(bound->getType(), 1);
    inclusive = is_from_below ? builder.CreateSub(bound, one) : builder.CreateAdd(bound, one);
  }
  if (is_from_below)
    last = extreme(llvm::Intrinsic::smin, llvm::Intrinsic::umin, last, inclusive);
  else
    first = extreme(llvm::Intrinsic::smax, llvm::Intrinsic::umax, first, inclusive);
  return {first, last, builder.CreateAnd(is_any, builder.CreateICmp(at_most, first, last))};
}

bool trim(const Candidate& candidate, llvm::LoopInfo& loops, llvm::ScalarEvolution& evolution,
          llvm::DominatorTree& dominators) {
  llvm::Loop& loop = *candidate.loop;
  const auto* steps = llvm::dyn_cast<llvm::SCEVAddRecExpr>(evolution.getSCEV(candidate.counter));
  if (!steps || steps->getLoop() != &loop || !steps->isAffine() || !steps->getStepRecurrence(evolution)->isOne())
    return false;
  // In which order the counter grows, so that first and last are its extremes.
  const bool is_signed = CmpInst::isSigned(candidate.predicate) ||
                         (candidate.predicate == CmpInst::ICMP_EQ && !steps->hasNoUnsignedWrap());
  if (!(is_signed ? steps->hasNoSignedWrap() : steps->hasNoUnsignedWrap())) return false;
  const llvm::SCEV* more = evolution.getBackedgeTakenCount(&loop);
  if (llvm::isa<llvm::SCEVCouldNotCompute>(more) || more->getType() != candidate.counter->getType()) return false;
  BasicBlock* before = loop.getLoopPreheader();
  if (!before) before = llvm::InsertPreheaderForLoop(&loop, &dominators, &loops, nullptr, /*PreserveLCSSA=*/false);
  if (!before) return false;
  const llvm::SCEV* const end = evolution.getAddExpr(steps->getStart(), more);
  llvm::SCEVExpander expander(evolution, "trim");
  if (!expander.isSafeToExpandAt(end, before->getTerminator())) return true;  // it has a block more

  BasicBlock* const header = loop.getHeader();
  BasicBlock* const latch = loop.getLoopLatch();
  BasicBlock* const exit = loop.getExitBlock();
  Value* const last = expander.expandCodeFor(end, candidate.counter->getType(), before->getTerminator()->getIterator());
  llvm::IRBuilder<> builder(before->getTerminator());
  const Range range =
      range_of(candidate, candidate.counter->getIncomingValueForBlock(before), last, is_signed, builder);
  evolution.forgetTopmostLoop(&loop);

  // No iteration at all: past the loop.
  BasicBlock* const entered = llvm::SplitBlock(before, before->getTerminator(), &dominators, &loops);
  before->getTerminator()->eraseFromParent();
  llvm::BranchInst::Create(entered, exit, range.is_any, before);
  for (llvm::PHINode& phi : exit->phis()) phi.addIncoming(phi.getIncomingValueForBlock(latch), before);
  dominators.insertEdge(before, exit);

  candidate.counter->setIncomingValueForBlock(entered, range.first);
  BasicBlock* const body = candidate.guard->getSuccessor(candidate.body);
  candidate.guard->eraseFromParent();
  llvm::BranchInst::Create(body, header);
  dominators.deleteEdge(header, latch);

  auto* again = llvm::cast<llvm::BranchInst>(latch->getTerminator());
  builder.SetInsertPoint(again);
  again->setCondition(builder.CreateICmp(again->getSuccessor(0) == header ? CmpInst::ICMP_NE : CmpInst::ICMP_EQ,
                                         candidate.counter, range.last));
  again->setMetadata(llvm::LLVMContext::MD_prof, nullptr);
  return true;
}

}  // namespace

llvm::PreservedAnalyses TrimLoops::run(llvm::Function& function, llvm::FunctionAnalysisManager& analyses) {
  auto& loops = analyses.getResult<llvm::LoopAnalysis>(function);
  llvm::SmallVector<Candidate, 4> candidates;
  for (llvm::Loop* loop : loops.getLoopsInPreorder())
    if (std::optional<Candidate> found = candidate(*loop)) candidates.push_back(*found);
  if (candidates.empty()) return llvm::PreservedAnalyses::all();
  auto& evolution = analyses.getResult<llvm::ScalarEvolutionAnalysis>(function);
  auto& dominators = analyses.getResult<llvm::DominatorTreeAnalysis>(function);
  bool is_changed = false;
  for (const Candidate& found : candidates) is_changed |= trim(found, loops, evolution, dominators);
  return is_changed ? llvm::PreservedAnalyses::none() : llvm::PreservedAnalyses::all();
}

}  // namespace metate::jit
