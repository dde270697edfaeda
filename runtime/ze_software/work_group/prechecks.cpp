#include "runtime/ze_software/work_group/prechecks.h"

#include <llvm/ADT/DenseSet.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <llvm/Transforms/Utils/Local.h>

#include "runtime/ze_software/spirv/items.h"
#include "runtime/ze_software/work_group/asides.h"

namespace metate::ze_software::work_group {
namespace {

using llvm::Instruction;
using llvm::Value;

constexpr size_t kMostChecks = 64;
constexpr size_t kMostInstructions = 200;  // that one check depends on

bool is_query(const Instruction& instruction) {
  auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
  return call && call->getCalledFunction() && call->getCalledFunction()->getName() == spirv::kItemQuery;
}

}  // namespace

/// What the conditions are computed from: a slice as in Weiser 1981, "Program Slicing". It is computed for all items,
/// those that fail a check among them, and once more by those that run.
class Prechecks::Slice {
 public:
  explicit Slice(bool has_checked_indices) : has_checked_indices_(has_checked_indices) {}

  /// What runs before any check sends items aside.
  void add_early(Instruction& instruction) { early_.insert(&instruction); }

  /// Whether the condition can be decided ahead. It may depend on floating-point numbers in memory only, and on no
  /// integer made of one: then it protects no access, whoever else writes to that memory meanwhile.
  bool add(Value* condition) {
    std::vector<Value*> pending{condition};
    size_t count = 0;
    while (!pending.empty()) {
      auto* instruction = llvm::dyn_cast<Instruction>(pending.back());
      pending.pop_back();
      if (!instruction || !seen_.insert(instruction).second) continue;
      if (++count > kMostInstructions || !is_allowed(*instruction)) return false;
      pending.insert(pending.end(), instruction->op_begin(), instruction->op_end());
    }
    return true;
  }

 private:
  bool is_allowed(const Instruction& instruction) const {
    if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
      return load->isSimple() && load->getType()->isFPOrFPVectorTy() &&
             (early_.contains(load) || (has_checked_indices_ && reads_nothing(load->getPointerOperand())));
    }
    switch (instruction.getOpcode()) {
      case Instruction::PHI:  // of a loop
      case Instruction::Alloca:
      case Instruction::FPToSI:
      case Instruction::FPToUI:
        return false;
      case Instruction::Call:
        return is_query(instruction) || is_mathematics(llvm::cast<llvm::CallInst>(instruction));
      default:
        return llvm::isSafeToSpeculativelyExecute(&instruction);
    }
  }

  static bool is_mathematics(const llvm::CallInst& call) {
    return call.doesNotAccessMemory() && call.doesNotThrow() && call.hasFnAttr(llvm::Attribute::WillReturn);
  }

  static bool reads_nothing(const Value* address) {
    std::vector<const Value*> pending{address};
    size_t count = 0;
    while (!pending.empty()) {
      auto* instruction = llvm::dyn_cast<Instruction>(pending.back());
      pending.pop_back();
      if (!instruction || is_query(*instruction)) continue;
      if (++count > kMostInstructions || instruction->mayReadOrWriteMemory() || llvm::isa<llvm::PHINode>(instruction))
        return false;
      pending.insert(pending.end(), instruction->op_begin(), instruction->op_end());
    }
    return true;
  }

  const bool has_checked_indices_;
  llvm::DenseSet<const Value*> early_, seen_;
};

/// Follows the way of those that pass from the entry to the first block that writes, that other ways lead to or that
/// divides them for another reason.
Prechecks::Prechecks(llvm::Function& body, const spirv::Conventions& conventions) : body_(body) {
  if (!conventions.failures) return;
  const llvm::DenseSet<llvm::BasicBlock*> asides = find_asides(body);
  Slice slice(conventions.indices);
  for (llvm::BasicBlock* block = &body.getEntryBlock(); block && !asides.contains(block);) {
    for (Instruction& instruction : *block) {
      if (instruction.mayWriteToMemory() && !is_query(instruction)) return;
      if (checks_.empty()) slice.add_early(instruction);
    }
    auto* branch = llvm::dyn_cast<llvm::BranchInst>(block->getTerminator());
    if (!branch) return;
    bool usual = true;
    if (branch->isConditional()) {
      usual = !asides.contains(branch->getSuccessor(0));
      if (!reports_failure(*branch->getSuccessor(usual ? 1 : 0)) || !slice.add(branch->getCondition())) return;
      checks_.push_back({branch, usual});
      if (checks_.size() == kMostChecks) return;
    }
    llvm::BasicBlock* next = branch->getSuccessor(usual ? 0 : 1);
    block = next->getSinglePredecessor() ? next : nullptr;
  }
}

llvm::Function* Prechecks::condition() const {
  auto* type =
      llvm::FunctionType::get(llvm::Type::getInt1Ty(body_.getContext()), body_.getFunctionType()->params(), false);
  auto* function =
      llvm::Function::Create(type, llvm::GlobalValue::InternalLinkage, body_.getName() + ".checks", body_.getParent());
  llvm::ValueToValueMapTy copies;
  for (llvm::Argument& argument : body_.args()) copies[&argument] = function->getArg(argument.getArgNo());
  llvm::SmallVector<llvm::ReturnInst*, 4> returns;
  llvm::CloneFunctionInto(function, &body_, copies, llvm::CloneFunctionChangeType::LocalChangesOnly, returns);
  Value* passed = nullptr;
  for (const Check& check : checks_) {
    auto* branch = llvm::cast<llvm::BranchInst>(copies[check.branch]);
    llvm::IRBuilder<> b(branch);
    Value* condition = check.usual ? branch->getCondition() : b.CreateNot(branch->getCondition());
    passed = passed ? b.CreateAnd(passed, condition) : condition;
    if (&check == &checks_.back()) {
      b.CreateRet(passed);
    } else {
      b.CreateBr(branch->getSuccessor(check.usual ? 0 : 1));
    }
    branch->eraseFromParent();
  }
  llvm::removeUnreachableBlocks(*function);
  return function;
}

void Prechecks::assume_passed() const {
  for (const Check& check : checks_)
    check.branch->setCondition(llvm::ConstantInt::getBool(body_.getContext(), check.usual));
}

}  // namespace metate::ze_software::work_group
