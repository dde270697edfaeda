#include "runtime/ze_software/work_group/barriers.h"

#include <llvm/ADT/APFloat.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

#include "runtime/ze_software/spirv/combine.h"
#include "runtime/ze_software/work_group/entry_function.h"

namespace metate::ze_software::work_group {
namespace {

using spirv::Combine;
using spirv::combined;
using spirv::Together;

template <class E>
E constant_operand(const llvm::CallInst& call, unsigned i) {
  return static_cast<E>(llvm::cast<llvm::ConstantInt>(call.getArgOperand(i))->getZExtValue());
}

/// What the call takes and gives goes through variables, so that it waits alone in its block.
void detach(Barrier& barrier, llvm::CallInst& call) {
  llvm::BasicBlock& entry = call.getFunction()->getEntryBlock();
  llvm::IRBuilder<> at_entry(&entry, entry.begin());
  llvm::IRBuilder<> before(barrier.block->getSinglePredecessor()->getTerminator());
  llvm::IRBuilder<> here(&call);
  auto bring = [&](unsigned operand, const char* name) {
    llvm::Value* value = call.getArgOperand(operand);
    llvm::AllocaInst* variable = at_entry.CreateAlloca(value->getType(), nullptr, name);
    before.CreateStore(value, variable);
    call.setArgOperand(operand, here.CreateLoad(value->getType(), variable));
    return variable;
  };
  barrier.together = constant_operand<Together>(call, 1);
  barrier.combine = constant_operand<Combine>(call, 2);
  barrier.value = bring(3, "value");
  if (barrier.together == Together::kSelect) barrier.partner = bring(4, "partner");

  barrier.result = at_entry.CreateAlloca(call.getType(), nullptr, "result");
  llvm::IRBuilder<> behind(barrier.behind, barrier.behind->begin());
  call.replaceAllUsesWith(behind.CreateLoad(call.getType(), barrier.result));
  here.SetInsertPoint(barrier.block->getTerminator());
  here.CreateStore(&call, barrier.result);
}

/// What changes nothing when it is combined, of the type of values.
llvm::Constant* identity(Combine combine, llvm::Type* type) {
  const unsigned bits = type->getScalarSizeInBits();
  auto integer = [&](const llvm::APInt& value) { return llvm::ConstantInt::get(type, value); };
  switch (combine) {
    case Combine::kIAdd:
    case Combine::kOr:
    case Combine::kXor:
    case Combine::kUMax:
      return integer(llvm::APInt::getZero(bits));
    case Combine::kFAdd:
      return llvm::ConstantFP::get(type, 0.0);
    case Combine::kIMul:
      return integer(llvm::APInt(bits, 1));
    case Combine::kFMul:
      return llvm::ConstantFP::get(type, 1.0);
    case Combine::kSMin:
      return integer(llvm::APInt::getSignedMaxValue(bits));
    case Combine::kSMax:
      return integer(llvm::APInt::getSignedMinValue(bits));
    case Combine::kUMin:
    case Combine::kAnd:
      return integer(llvm::APInt::getAllOnes(bits));
    case Combine::kFMin:
      return llvm::ConstantFP::getInfinity(type);
    case Combine::kFMax:
      return llvm::ConstantFP::getInfinity(type, /*Negative=*/true);
  }
  return nullptr;
}

/// One meeting of some items.
class Meeting {
 public:
  Meeting(EntryFunction& entry, const Barrier& barrier, llvm::Value* first, llvm::Value* count, const Kept& kept,
          const HasCome& has_come)
      : entry_(entry),
        b_(entry.builder()),
        barrier_(barrier),
        type_(barrier.value->getAllocatedType()),
        first_(first),
        count_(count),
        end_(b_.CreateAdd(first, count, "", true, true)),
        kept_(kept),
        has_come_(has_come) {}

  void emit() {
    if (barrier_.together == Together::kSelect) return select();
    accumulate();
  }

 private:
  llvm::Value* load(llvm::AllocaInst* variable, llvm::Value* item) {
    return b_.CreateLoad(variable->getAllocatedType(), kept_(variable, item));
  }
  void give(llvm::Value* result, llvm::Value* item) { b_.CreateStore(result, kept_(barrier_.result, item)); }

  void select() {
    entry_.loop(first_, end_, "select", [&](llvm::Value* item) {
      llvm::Value* partner = b_.CreateZExt(load(barrier_.partner, item), b_.getInt64Ty());
      llvm::Value* is_there = b_.CreateICmpULT(partner, count_);
      llvm::Value* from = b_.CreateSelect(is_there, b_.CreateAdd(first_, partner), item);
      if (has_come_) from = b_.CreateSelect(has_come_(from), from, item);
      give(load(barrier_.value, from), item);
    });
  }

  void accumulate() {
    llvm::AllocaInst* total = entry_.variable(type_, "total");
    b_.CreateStore(identity(barrier_.combine, type_), total);
    llvm::AllocaInst* begun = has_come_ ? entry_.variable(b_.getInt1Ty(), "begun") : nullptr;
    if (begun) b_.CreateStore(b_.getFalse(), begun);
    entry_.loop(first_, end_, "combine", [&](llvm::Value* item) {
      llvm::Value* before = b_.CreateLoad(type_, total);
      llvm::Value* own = load(barrier_.value, item);
      // The first value as it is: not every identity keeps nan and the sign of zero.
      llvm::Value* is_first =
          begun ? b_.CreateNot(b_.CreateLoad(b_.getInt1Ty(), begun)) : b_.CreateICmpEQ(item, first_);
      llvm::Value* next = b_.CreateSelect(is_first, own, combined(b_, barrier_.combine, before, own));
      if (begun) {
        llvm::Value* comes = has_come_(item);
        next = b_.CreateSelect(comes, next, before);
        b_.CreateStore(b_.CreateOr(comes, b_.CreateNot(is_first)), begun);
      }
      b_.CreateStore(next, total);
      if (barrier_.together == Together::kInclusiveScan) give(next, item);
      if (barrier_.together == Together::kExclusiveScan) give(before, item);
    });
    if (barrier_.together != Together::kReduce) return;
    llvm::Value* result = b_.CreateLoad(type_, total);
    entry_.loop(first_, end_, "share", [&](llvm::Value* item) { give(result, item); });
  }

  EntryFunction& entry_;
  llvm::IRBuilder<>& b_;
  const Barrier& barrier_;
  llvm::Type* type_;
  llvm::Value *first_, *count_, *end_;
  const Kept& kept_;
  const HasCome& has_come_;
};

}  // namespace

std::vector<Barrier> isolate_barriers(llvm::Function& body) {
  std::vector<llvm::CallInst*> calls;
  for (llvm::Instruction& instruction : llvm::instructions(body)) {
    auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
    if (call && call->getCalledFunction() && spirv::waits_for_items(*call->getCalledFunction())) calls.push_back(call);
  }
  std::vector<Barrier> barriers;
  for (llvm::CallInst* call : calls) {
    const llvm::Function& placeholder = *call->getCalledFunction();
    llvm::BasicBlock* block = llvm::SplitBlock(call->getParent(), call->getIterator());
    Barrier barrier{.block = block,
                    .behind = llvm::SplitBlock(block, std::next(call->getIterator())),
                    .items = placeholder.getName() == spirv::kSubGroupBarrier ? spirv::ItemSet::kSubGroup
                                                                              : spirv::ItemSet::kWorkGroup};
    if (spirv::is_meeting(placeholder)) {
      barrier.items = constant_operand<spirv::ItemSet>(*call, 0);
      detach(barrier, *call);
    }
    barriers.push_back(barrier);
  }
  return barriers;
}

void emit_meeting(EntryFunction& entry, const Barrier& barrier, llvm::Value* first, llvm::Value* count,
                  const Kept& kept, const HasCome& has_come) {
  Meeting(entry, barrier, first, count, kept, has_come).emit();
}

}  // namespace metate::ze_software::work_group
