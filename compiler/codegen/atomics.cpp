// atomics – atomic access to elements: integers by LLVM's instructions, floats by theirs where the device has them,
// else by their bits.
#include "compiler/codegen/function_lowering.h"

namespace metate::codegen {
namespace {

using ir::Atomic;
using ir::AtomicOp;

llvm::AtomicOrdering ordering(ir::MemoryOrder order) {
  switch (order) {
    case ir::MemoryOrder::kRelaxed:
      return llvm::AtomicOrdering::Monotonic;
    case ir::MemoryOrder::kAcquire:
      return llvm::AtomicOrdering::Acquire;
    case ir::MemoryOrder::kRelease:
      return llvm::AtomicOrdering::Release;
    case ir::MemoryOrder::kAcquireRelease:
      return llvm::AtomicOrdering::AcquireRelease;
    case ir::MemoryOrder::kSequential:
      return llvm::AtomicOrdering::SequentiallyConsistent;
  }
  METATE_UNREACHABLE();
}

/// The instruction that does all of it, for integers.
llvm::AtomicRMWInst::BinOp integer_operation(AtomicOp op, bool is_signed) {
  using Rmw = llvm::AtomicRMWInst;
  switch (op) {
    case AtomicOp::kLoad:
      return Rmw::Or;  // with 0: the back end has no atomic load
    case AtomicOp::kStore:
    case AtomicOp::kExchange:
      return Rmw::Xchg;
    case AtomicOp::kAdd:
      return Rmw::Add;
    case AtomicOp::kSub:
      return Rmw::Sub;
    case AtomicOp::kMin:
      return is_signed ? Rmw::Min : Rmw::UMin;
    case AtomicOp::kMax:
      return is_signed ? Rmw::Max : Rmw::UMax;
    case AtomicOp::kAnd:
      return Rmw::And;
    case AtomicOp::kOr:
      return Rmw::Or;
    case AtomicOp::kXor:
      return Rmw::Xor;
    case AtomicOp::kCompareExchange:
      break;
  }
  METATE_UNREACHABLE();
}

/// What becomes of a float. Of nan and a number the number stays, as C's fmin says and devices do it.
llvm::Value* compute(llvm::IRBuilder<>& builder, AtomicOp op, llvm::Value* before, llvm::Value* operand) {
  if (op == AtomicOp::kAdd) return builder.CreateFAdd(before, operand);
  if (op == AtomicOp::kSub) return builder.CreateFSub(before, operand);
  llvm::Value* better =
      op == AtomicOp::kMin ? builder.CreateFCmpOLT(operand, before) : builder.CreateFCmpOGT(operand, before);
  llvm::Value* is_nan = builder.CreateFCmpUNO(before, before);
  return builder.CreateSelect(builder.CreateOr(better, is_nan), operand, before);
}

/// One element in memory, and how it is accessed.
class Access {
 public:
  Access(FunctionLowering& lowering, Atomic atomic, llvm::Value* address, llvm::Type* bits)
      : lowering_(lowering),
        builder_(lowering.builder()),
        atomic_(atomic),
        address_(address),
        bits_(bits),
        order_(ordering(atomic.order)),
        scope_(builder_.getContext().getOrInsertSyncScopeID(lowering.module().target().sync_scope(atomic.scope))) {}

  llvm::Value* modify(llvm::AtomicRMWInst::BinOp operation, llvm::Value* operand) {
    return builder_.CreateAtomicRMW(operation, address_, operand, align(), order_, scope_);
  }

  /// The bits before; they became `desired` if they were `expected`.
  llvm::Value* compare_exchange(llvm::Value* expected, llvm::Value* desired) {
    return lowering_.module().target().compare_exchange(lowering_, atomic_, address_, expected, desired);
  }

  /// By the device's instruction. Of a quiet nan and a number its minimum and maximum give the number, as `compute`
  /// does (SPV_EXT_shader_atomic_float_min_max); which of two zeros they give is not said of either.
  llvm::Value* modify_float(AtomicOp op, llvm::Value* operand) {
    using Rmw = llvm::AtomicRMWInst;
    if (op == AtomicOp::kMin) return modify(Rmw::FMin, operand);
    if (op == AtomicOp::kMax) return modify(Rmw::FMax, operand);
    return modify(Rmw::FAdd, op == AtomicOp::kSub ? builder_.CreateFNeg(operand) : operand);  // the one is the other
  }

  /// Computes anew until nobody has come between.
  llvm::Value* compute_float(AtomicOp op, llvm::Value* operand) {
    llvm::Value* seen = modify(llvm::AtomicRMWInst::Or, llvm::ConstantInt::get(bits_, 0));
    llvm::BasicBlock* before = builder_.GetInsertBlock();
    llvm::BasicBlock* again = lowering_.new_block("atomic");
    llvm::BasicBlock* done = lowering_.new_block();
    builder_.CreateBr(again);
    builder_.SetInsertPoint(again);
    llvm::PHINode* expected = builder_.CreatePHI(bits_, 2);
    expected->addIncoming(seen, before);
    llvm::Value* next = compute(builder_, op, builder_.CreateBitCast(expected, operand->getType()), operand);
    llvm::Value* found = compare_exchange(expected, builder_.CreateBitCast(next, bits_));
    expected->addIncoming(found, again);
    builder_.CreateCondBr(builder_.CreateICmpEQ(found, expected), done, again);
    builder_.SetInsertPoint(done);
    return found;
  }

 private:
  llvm::Align align() const { return llvm::Align(bits_->getIntegerBitWidth() / 8); }

  FunctionLowering& lowering_;
  llvm::IRBuilder<>& builder_;
  Atomic atomic_;
  llvm::Value* address_;
  llvm::Type* bits_;
  llvm::AtomicOrdering order_;
  llvm::SyncScope::ID scope_;
};

}  // namespace

void FunctionLowering::lower_group(ir::Inst inst) {
  const ir::GroupOperation operation = ir::GroupOperation::decode(ir_.inst(inst).imm);
  std::span<const ir::Value> operands = ir_.operands(inst);
  types::DType dtype = ir_.type_data(operands[0]).dtype;
  if (types::is_complex(dtype)) dtype = types::real_part(dtype);
  llvm::SmallVector<llvm::Value*, 2> arguments(operands.size());
  for (size_t i = 1; i < operands.size(); ++i) arguments[i] = leaf(operands[i]);
  // A complex number moves, and is added, part by part.
  Leaves results;
  for (llvm::Value* part : leaves(operands[0])) {
    arguments[0] = part;
    results.push_back(module_.target().group(*this, operation, dtype, arguments));
  }
  set_leaves(ir_.result(inst), std::move(results));
}

void FunctionLowering::lower_atomic(ir::Inst inst) {
  Atomic atomic = Atomic::decode(ir_.inst(inst).imm);
  ir::Value array = ir_.operands(inst)[0];
  const types::Type& type = ir_.type_data(array);
  std::span<const ir::Value> operands = ir_.operands(inst).subspan(1 + type.ndim);
  llvm::Type* element = leaf_types().memory(type.dtype);
  llvm::Type* bits = builder_.getIntNTy(static_cast<unsigned>(8 * size(type.dtype)));
  llvm::Value* address = element_address(array, ir_.operands(inst).subspan(1, type.ndim));
  const bool has_instruction =
      module_.target().has_float_atomic(atomic.op, type.dtype, address->getType()->getPointerAddressSpace());
  Access access(*this, atomic, address, bits);
  auto as_bits = [&](size_t i) { return builder_.CreateBitCast(leaf(operands[i]), bits); };
  llvm::Value* before = nullptr;
  if (atomic.op == AtomicOp::kCompareExchange)
    before = access.compare_exchange(as_bits(0), as_bits(1));
  else if (is_float(type.dtype) && computes(atomic.op) && has_instruction)
    before = access.modify_float(atomic.op, leaf(operands[0]));
  else if (is_float(type.dtype) && computes(atomic.op))
    before = access.compute_float(atomic.op, leaf(operands[0]));
  else
    before = access.modify(integer_operation(atomic.op, kind(type.dtype) == types::Kind::kSigned),
                           operands.empty() ? llvm::ConstantInt::get(bits, 0) : as_bits(0));
  set_leaf(ir_.result(inst), builder_.CreateBitCast(before, element));
}

}  // namespace metate::codegen
