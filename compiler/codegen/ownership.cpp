// ownership – counting the owners of arrays.
#include "compiler/codegen/function_lowering.h"

namespace metate::codegen {

/// Calls visit(owner) for every array in a value: itself, or those in its elements.
template <class Visit>
static void each_owner(const LeafTypes& types, types::TypeId id, llvm::ArrayRef<llvm::Value*> leaves,
                       const Visit& visit) {
  const types::Type& type = types.universe().types[id];
  if (type.kind == types::TypeKind::kArray) return visit(leaves[kOwnerLeaf]);
  for (types::TypeId element : type.elements) {
    unsigned count = types.leaf_count(element);
    each_owner(types, element, leaves.take_front(count), visit);
    leaves = leaves.drop_front(count);
  }
}

// Counts are atomic: an owner may be shared with another thread through an array that a parallel nest captured, or that
// Python handed to one.

void FunctionLowering::lower_retain(ir::Inst inst) {
  ir::Value value = ir_.operands(inst)[0];
  each_owner(leaf_types(), ir_.type(value), leaves(value), [&](llvm::Value* owner) {
    llvm::BasicBlock* owned = new_block();
    llvm::BasicBlock* next = new_block();
    builder_.CreateCondBr(builder_.CreateIsNull(owner), next, owned);
    builder_.SetInsertPoint(owned);
    builder_.CreateAtomicRMW(llvm::AtomicRMWInst::Add, owner, builder_.getInt64(1), llvm::Align(8),
                             llvm::AtomicOrdering::Monotonic);
    builder_.CreateBr(next);
    builder_.SetInsertPoint(next);
  });
}

void FunctionLowering::lower_release(ir::Inst inst) {
  ir::Value value = ir_.operands(inst)[0];
  each_owner(leaf_types(), ir_.type(value), leaves(value), [&](llvm::Value* owner) {
    llvm::BasicBlock* owned = new_block();
    llvm::BasicBlock* last = new_block();
    llvm::BasicBlock* next = new_block();
    builder_.CreateCondBr(builder_.CreateIsNull(owner), next, owned);
    builder_.SetInsertPoint(owned);
    llvm::Value* before = builder_.CreateAtomicRMW(llvm::AtomicRMWInst::Sub, owner, builder_.getInt64(1),
                                                   llvm::Align(8), llvm::AtomicOrdering::AcquireRelease);
    builder_.CreateCondBr(builder_.CreateICmpEQ(before, builder_.getInt64(1)), last, next);
    builder_.SetInsertPoint(last);
    builder_.CreateCall(module_.runtime_call("metate_destroy"), {owner});
    builder_.CreateBr(next);
    builder_.SetInsertPoint(next);
  });
}

}  // namespace metate::codegen
