#include "runtime/ze_software/work_group/usual_items.h"

#include <llvm/ADT/DenseMap.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/PatternMatch.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <algorithm>
#include <iterator>

#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/work_group/asides.h"

namespace metate::ze_software::work_group {
namespace {

using llvm::CmpInst;
using llvm::Instruction;
using llvm::Value;

constexpr size_t kMostGuards = 64;
constexpr int kDepth = 8;  // of an expression that is computed for a row, of an id, of a condition

llvm::CallInst* as_query(Value* value) {
  auto* call = llvm::dyn_cast<llvm::CallInst>(value);
  return call && call->getCalledFunction() && call->getCalledFunction()->getName() == spirv::kItemQuery ? call
                                                                                                        : nullptr;
}

bool is_id_along_x(Value* value, spirv::ItemQuery id) {
  llvm::CallInst* query = as_query(value);
  auto operand = [&](unsigned i) { return llvm::cast<llvm::ConstantInt>(query->getArgOperand(i))->getZExtValue(); };
  return query && operand(0) == static_cast<uint64_t>(id) && operand(1) == 0;
}

bool is_global_id(Value* value) { return is_id_along_x(value, spirv::ItemQuery::kGlobalId); }
bool is_local_id(Value* value) { return is_id_along_x(value, spirv::ItemQuery::kLocalId); }

bool is_computed_anywhere(const Instruction& instruction) {
  switch (instruction.getOpcode()) {
    case Instruction::Add:
    case Instruction::Sub:
    case Instruction::Mul:
    case Instruction::And:
    case Instruction::Or:
    case Instruction::Xor:
    case Instruction::ZExt:
    case Instruction::SExt:
    case Instruction::Trunc:
    case Instruction::ICmp:
    case Instruction::Select:
      return true;
    case Instruction::Shl:
    case Instruction::LShr:
    case Instruction::AShr:
      return llvm::isa<llvm::ConstantInt>(instruction.getOperand(1));
    default:
      return llvm::isa<llvm::MinMaxIntrinsic>(instruction);
  }
}

/// The same for all items of a row, and cheap to compute before them.
bool is_uniform(Value* value, int depth = 0) {
  if (!value->getType()->isIntegerTy()) return false;
  if (llvm::isa<llvm::ConstantInt, llvm::Argument>(value)) return true;
  if (as_query(value)) return !is_global_id(value) && !is_local_id(value);
  auto* instruction = llvm::dyn_cast<Instruction>(value);
  if (!instruction || depth == kDepth || !is_computed_anywhere(*instruction)) return false;
  auto operands = llvm::isa<llvm::CallInst>(instruction) ? llvm::cast<llvm::CallInst>(instruction)->args()
                                                         : instruction->operands();
  return llvm::all_of(operands, [&](llvm::Use& operand) { return is_uniform(operand.get(), depth + 1); });
}

}  // namespace

Guards::Guards(llvm::Function& body, Which which) : body_(body) {
  const llvm::DenseSet<llvm::BasicBlock*> asides = find_asides(body);
  for (llvm::BasicBlock& block : body) {
    auto* branch = llvm::dyn_cast<llvm::BranchInst>(block.getTerminator());
    if (!branch || !branch->isConditional()) continue;
    const bool first_aside = asides.contains(branch->getSuccessor(0));
    if (first_aside == asides.contains(branch->getSuccessor(1))) continue;
    if (which == Which::kFailures && !reports_failure(*branch->getSuccessor(first_aside ? 0 : 1))) continue;
    Guard guard{branch, !first_aside, {}, {}};
    if (!read_condition(branch->getCondition(), guard.usual, guard.comparisons)) continue;
    guards_.push_back(std::move(guard));
    if (guards_.size() == kMostGuards) break;
  }
  if (which == Which::kAll || guards_.empty()) return;
  const llvm::DominatorTree dominators(body);
  for (Guard& guard : guards_) read_way(dominators, guard);
}

bool Guards::is_guard(const llvm::BranchInst& branch) const {
  return llvm::any_of(guards_, [&](const Guard& guard) { return guard.branch == &branch; });
}

/// Which way items come to the guard, as far as it can be told before the row.
void Guards::read_way(const llvm::DominatorTree& dominators, Guard& guard) const {
  auto is_exact = [](const Comparison& comparison) {
    const bool above = comparison.predicate == CmpInst::ICMP_UGT || comparison.predicate == CmpInst::ICMP_UGE;
    return !comparison.has_id || (comparison.id.narrow.empty() && !above);
  };
  llvm::BasicBlock* block = guard.branch->getParent();
  for (auto* node = dominators.getNode(block)->getIDom(); node; node = node->getIDom()) {
    llvm::BasicBlock* above = node->getBlock();
    auto* branch = llvm::dyn_cast<llvm::BranchInst>(above->getTerminator());
    if (!branch || !branch->isConditional() || is_guard(*branch)) continue;
    auto comes_by = [&](unsigned side) {
      return dominators.dominates(llvm::BasicBlockEdge(above, branch->getSuccessor(side)), block);
    };
    const bool by_first = comes_by(0);
    if (by_first == comes_by(1)) continue;
    std::vector<Comparison> comparisons;
    if (!read_condition(branch->getCondition(), by_first, comparisons)) continue;
    if (!llvm::all_of(comparisons, is_exact)) continue;
    std::ranges::move(comparisons, std::back_inserter(guard.way));
  }
}

bool Guards::read_affine(Value* value, Affine& affine, int depth) {
  if (is_global_id(value) || is_local_id(value)) {
    affine.is_global = is_global_id(value);
    return true;
  }
  auto* instruction = llvm::dyn_cast<Instruction>(value);
  if (!instruction || depth == kDepth) return false;
  auto add_term = [&](unsigned id, unsigned term, bool subtracted) {
    if (!is_uniform(instruction->getOperand(term))) return false;
    if (!read_affine(instruction->getOperand(id), affine, depth + 1)) return false;
    affine.terms.push_back({instruction->getOperand(term), subtracted});
    return true;
  };
  bool read = false;
  switch (instruction->getOpcode()) {
    case Instruction::Add:
      read = add_term(0, 1, false) || add_term(1, 0, false);
      break;
    case Instruction::Sub:
      read = add_term(0, 1, true);
      break;
    case Instruction::Trunc:
    case Instruction::ZExt:
    case Instruction::SExt:
      read = read_affine(instruction->getOperand(0), affine, depth + 1);
      break;
    default:
      return false;
  }
  if (!read || (!value->getType()->isIntegerTy(32) && !value->getType()->isIntegerTy(64))) return false;
  // Then it means the same whether its sign counts or not, and as many bits as it may be made.
  if (value->getType()->isIntegerTy(32)) affine.narrow.push_back(affine.terms.size());
  return true;
}

bool Guards::read_condition(Value* condition, bool truth, std::vector<Comparison>& out, int depth) {
  using namespace llvm::PatternMatch;
  if (depth == kDepth) return false;
  Value *first, *second;
  if (match(condition, m_Not(m_Value(first)))) return read_condition(first, !truth, out, depth + 1);
  if (truth ? match(condition, m_LogicalAnd(m_Value(first), m_Value(second)))
            : match(condition, m_LogicalOr(m_Value(first), m_Value(second))))
    return read_condition(first, truth, out, depth + 1) && read_condition(second, truth, out, depth + 1);
  Comparison comparison;
  if (is_uniform(condition)) {
    comparison.bound = condition;
    comparison.truth = truth;
    out.push_back(std::move(comparison));
    return true;
  }
  auto* compare = llvm::dyn_cast<llvm::ICmpInst>(condition);
  if (!compare || compare->isEquality()) return false;
  CmpInst::Predicate predicate = truth ? compare->getPredicate() : compare->getInversePredicate();
  Value *id = compare->getOperand(0), *bound = compare->getOperand(1);
  if (is_uniform(id)) {
    std::swap(id, bound);
    predicate = CmpInst::getSwappedPredicate(predicate);
  }
  if (!is_uniform(bound) || !read_affine(id, comparison.id)) return false;
  comparison.has_id = true;
  comparison.predicate = predicate;
  comparison.bound = bound;
  out.push_back(std::move(comparison));
  return true;
}

llvm::Function* Guards::usual_body() const {
  llvm::ValueToValueMapTy copies;
  llvm::Function* copy = llvm::CloneFunction(&body_, copies);
  copy->setLinkage(llvm::GlobalValue::InternalLinkage);
  for (const Guard& guard : guards_) {
    auto* branch = llvm::cast<llvm::BranchInst>(copies[guard.branch]);
    branch->setCondition(llvm::ConstantInt::getBool(copy->getContext(), guard.usual));
  }
  return copy;
}

/// Computes bounds in 64 bits with a sign, which hold every id. What does not fit makes the range smaller, never wrong.
class Guards::Emitter {
 public:
  Emitter(EntryFunction& entry, std::span<Value* const> arguments, const ItemPlace& place, const Row& row)
      : entry_(entry), b_(entry.builder()), arguments_(arguments), place_(place), row_(row), usual_(whole_row()) {}

  void add(const Guard& guard) {
    if (guard.way.empty()) return add(guard.comparisons, usual_);
    Range passing = whole_row(), coming = whole_row();
    add(guard.comparisons, passing);
    add(guard.way, coming);
    // Where all pass that come, the guard says nothing of the others.
    Value* none_comes = b_.CreateICmpSGE(coming.low, coming.high);
    Value* all_pass =
        b_.CreateAnd(b_.CreateICmpSLE(passing.low, coming.low), b_.CreateICmpSLE(coming.high, passing.high));
    Value* all = b_.CreateAnd(coming.is_exact, b_.CreateOr(none_comes, all_pass));
    at_least(b_.CreateSelect(all, usual_.low, passing.low), usual_);
    below(b_.CreateSelect(all, usual_.high, passing.high), usual_);
  }

  std::pair<Value*, Value*> range() {
    Value* low = b_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, usual_.low, row_.end);
    return {low, b_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, usual_.high, low)};
  }

 private:
  /// Items of the row; all for which some comparisons hold if it is exact, else only such.
  struct Range {
    Value *low, *high, *is_exact;
  };

  Range whole_row() { return {row_.begin, row_.end, b_.getTrue()}; }

  void add(std::span<const Comparison> comparisons, Range& range) {
    for (const Comparison& comparison : comparisons) add(comparison, range);
  }

  void add(const Comparison& comparison, Range& range) {
    if (!comparison.has_id) {
      Value* holds = compute(comparison.bound);
      return require(comparison.truth ? holds : b_.CreateNot(holds), range);
    }
    const std::vector<Value*> sums = sums_of(comparison.id, range);
    for (size_t at : comparison.id.narrow) {
      at_least(b_.CreateNeg(sums[at]), range);
      below(minus(b_.getInt64(int64_t{1} << 31), sums[at]), range);
    }
    Value* sum = sums.back();
    Value* bound = compute(comparison.bound);
    if (!CmpInst::isUnsigned(comparison.predicate))
      return compare(comparison.predicate, sum, b_.CreateSExt(bound, b_.getInt64Ty()), range);
    at_least(b_.CreateNeg(sum), range);
    Value* wide = b_.CreateZExt(bound, b_.getInt64Ty());
    Value* is_huge = b_.CreateICmpSLT(wide, b_.getInt64(0));
    range.is_exact = b_.CreateAnd(range.is_exact, b_.CreateNot(is_huge));
    compare(llvm::ICmpInst::getSignedPredicate(comparison.predicate), sum,
            b_.CreateSelect(is_huge, b_.getInt64(INT64_MAX), wide), range);
  }

  /// What is added to the number of the item in the row, after each number of terms.
  std::vector<Value*> sums_of(const Affine& affine, Range& range) {
    std::vector<Value*> sums{affine.is_global ? row_.first_id : b_.getInt64(0)};
    for (const Affine::Term& term : affine.terms) {
      Value* value = b_.CreateSExt(compute(term.value), b_.getInt64Ty());
      sums.push_back(term.subtracted ? b_.CreateSub(sums.back(), value) : b_.CreateAdd(sums.back(), value));
    }
    // Nearer to the ends of 64 bits the sum with an id might wrap.
    constexpr int64_t kFar = int64_t{1} << 62;
    for (Value* sum : sums) {
      Value* is_near = b_.CreateICmpULE(b_.CreateAdd(sum, b_.getInt64(kFar)), b_.getInt64(kFar + (kFar - 1)));
      range.is_exact = b_.CreateAnd(range.is_exact, is_near);
      require(is_near, range);
    }
    return sums;
  }

  void compare(CmpInst::Predicate predicate, Value* sum, Value* bound, Range& range) {
    Value* limit = minus(bound, sum);
    const bool with_limit = predicate == CmpInst::ICMP_SLE || predicate == CmpInst::ICMP_SGT;
    if (with_limit) limit = b_.CreateBinaryIntrinsic(llvm::Intrinsic::sadd_sat, limit, b_.getInt64(1));
    if (predicate == CmpInst::ICMP_SLT || predicate == CmpInst::ICMP_SLE) return below(limit, range);
    at_least(limit, range);
  }

  Value* minus(Value* x, Value* y) { return b_.CreateBinaryIntrinsic(llvm::Intrinsic::ssub_sat, x, y); }
  void at_least(Value* low, Range& range) {
    range.low = b_.CreateBinaryIntrinsic(llvm::Intrinsic::smax, range.low, low);
  }
  void below(Value* high, Range& range) {
    range.high = b_.CreateBinaryIntrinsic(llvm::Intrinsic::smin, range.high, high);
  }
  void require(Value* condition, Range& range) { range.high = b_.CreateSelect(condition, range.high, row_.begin); }

  /// A uniform value of the body, computed here.
  Value* compute(Value* value) {
    if (llvm::isa<llvm::Constant>(value)) return value;
    if (auto* argument = llvm::dyn_cast<llvm::Argument>(value)) return arguments_[argument->getArgNo()];
    auto [at, fresh] = computed_.try_emplace(value, nullptr);
    if (!fresh) return at->second;
    if (llvm::CallInst* query = as_query(value)) return computed_[value] = entry_.query(query, place_);
    auto* original = llvm::cast<Instruction>(value);
    std::vector<Value*> operands;
    for (Value* operand : original->operands())
      operands.push_back(llvm::isa<llvm::Function>(operand) ? operand : compute(operand));
    Instruction* copy = original->clone();
    for (unsigned i = 0; i < operands.size(); ++i) copy->setOperand(i, operands[i]);
    // It may run where the original would not, so it must not promise what holds only there.
    copy->dropPoisonGeneratingAnnotations();
    return computed_[value] = b_.Insert(copy);
  }

  EntryFunction& entry_;
  llvm::IRBuilder<>& b_;
  std::span<Value* const> arguments_;
  const ItemPlace& place_;
  const Row& row_;
  Range usual_;
  llvm::DenseMap<Value*, Value*> computed_;
};

std::pair<Value*, Value*> Guards::usual_range(EntryFunction& entry, std::span<Value* const> arguments,
                                              const ItemPlace& place, const Row& row) const {
  Emitter emitter(entry, arguments, place, row);
  for (const Guard& guard : guards_) emitter.add(guard);
  return emitter.range();
}

}  // namespace metate::ze_software::work_group
