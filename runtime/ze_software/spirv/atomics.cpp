// atomics – atomic operations and memory fences.
#include <llvm/IR/Intrinsics.h>

#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

bool has(spv::MemorySemanticsMask mask, spv::MemorySemanticsMask bit) {
  return (mask & bit) != spv::MemorySemanticsMask::MaskNone;
}

/// The ordering of memory semantics; what is no constant is taken as the strongest.
llvm::AtomicOrdering ordering(Reader& reader, uint32_t semantics_id, bool is_load = false, bool is_store = false) {
  const std::optional<uint64_t> bits = reader.constant(semantics_id);
  if (!bits) return llvm::AtomicOrdering::SequentiallyConsistent;
  const auto mask = static_cast<spv::MemorySemanticsMask>(static_cast<uint32_t>(*bits));
  if (has(mask, spv::MemorySemanticsMask::SequentiallyConsistent)) return llvm::AtomicOrdering::SequentiallyConsistent;
  bool acquire = has(mask, spv::MemorySemanticsMask::Acquire);
  bool release = has(mask, spv::MemorySemanticsMask::Release);
  if (has(mask, spv::MemorySemanticsMask::AcquireRelease)) acquire = release = true;
  if (is_load) release = false;
  if (is_store) acquire = false;
  if (acquire && release) return llvm::AtomicOrdering::AcquireRelease;
  if (acquire) return llvm::AtomicOrdering::Acquire;
  return release ? llvm::AtomicOrdering::Release : llvm::AtomicOrdering::Monotonic;
}

std::optional<llvm::AtomicRMWInst::BinOp> read_modify_write(spv::Op opcode) {
  switch (opcode) {
    case spv::Op::OpAtomicExchange:
      return llvm::AtomicRMWInst::Xchg;
    case spv::Op::OpAtomicIAdd:
    case spv::Op::OpAtomicIIncrement:
      return llvm::AtomicRMWInst::Add;
    case spv::Op::OpAtomicISub:
    case spv::Op::OpAtomicIDecrement:
      return llvm::AtomicRMWInst::Sub;
    case spv::Op::OpAtomicSMin:
      return llvm::AtomicRMWInst::Min;
    case spv::Op::OpAtomicUMin:
      return llvm::AtomicRMWInst::UMin;
    case spv::Op::OpAtomicSMax:
      return llvm::AtomicRMWInst::Max;
    case spv::Op::OpAtomicUMax:
      return llvm::AtomicRMWInst::UMax;
    case spv::Op::OpAtomicAnd:
      return llvm::AtomicRMWInst::And;
    case spv::Op::OpAtomicOr:
      return llvm::AtomicRMWInst::Or;
    case spv::Op::OpAtomicXor:
      return llvm::AtomicRMWInst::Xor;
    case spv::Op::OpAtomicFAddEXT:
      return llvm::AtomicRMWInst::FAdd;
    case spv::Op::OpAtomicFMinEXT:
      return llvm::AtomicRMWInst::FMin;
    case spv::Op::OpAtomicFMaxEXT:
      return llvm::AtomicRMWInst::FMax;
    default:
      return std::nullopt;
  }
}

/// Atomic are numbers of whole bytes (and pointers) behind an address.
bool is_atomic(Reader& reader, llvm::Value* pointer, llvm::Type* type) {
  const bool number = type->isIntegerTy() || type->isFloatingPointTy() || type->isPointerTy();
  if (number && !type->isIntegerTy(1) && pointer->getType()->isPointerTy()) return true;
  reader.fail("an atomic operation on what is no number in memory");
  return false;
}

/// Operands: pointer, scope, semantics[, value]. The scope does not matter: all threads share one coherent memory.
void read_rmw(Reader& reader, const Instruction& instruction, llvm::AtomicRMWInst::BinOp operation) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* type = reader.type(instruction.type);
  const bool of_floats = llvm::AtomicRMWInst::isFPOperation(operation);
  const bool fits = of_floats                                ? type->isFloatingPointTy()
                    : operation == llvm::AtomicRMWInst::Xchg ? type->isIntegerTy() || type->isFloatingPointTy()
                                                             : type->isIntegerTy();
  if (!fits || type->isIntegerTy(1)) return reader.fail(opcode_name(instruction.opcode) + " is of a type it has not");
  llvm::Value* pointer = reader.value(instruction.operands[0]);
  llvm::Value* value =
      instruction.operands.size() > 3 ? reader.value(instruction.operands[3]) : llvm::ConstantInt::get(type, 1);
  if (!is_atomic(reader, pointer, type) || value->getType() != type) {
    return reader.fail("an atomic operation on a value of another type");
  }
  reader.define(instruction, b.CreateAtomicRMW(operation, pointer, value, llvm::MaybeAlign(),
                                               ordering(reader, instruction.operands[2])));
}

void read_compare_exchange(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  const std::span<const uint32_t> operands = instruction.operands;
  // pointer, scope, semantics if equal, semantics if not, value, comparator
  llvm::Type* type = reader.type(instruction.type);
  if (!is_atomic(reader, reader.value(operands[0]), type)) return;
  llvm::Value *desired = reader.value(operands[4]), *expected = reader.value(operands[5]);
  if (desired->getType() != type || expected->getType() != type) {
    return reader.fail("a compare-exchange of values of different types");
  }
  if (type->isFloatingPointTy()) {
    llvm::Type* bits = b.getIntNTy(type->getScalarSizeInBits());
    desired = b.CreateBitCast(desired, bits);
    expected = b.CreateBitCast(expected, bits);
  }
  auto* exchange = b.CreateAtomicCmpXchg(reader.value(operands[0]), expected, desired, llvm::MaybeAlign(),
                                         ordering(reader, operands[2]), ordering(reader, operands[3], true));
  llvm::Value* found = b.CreateExtractValue(exchange, 0);
  reader.define(instruction, type->isFloatingPointTy() ? b.CreateBitCast(found, type) : found);
}

}  // namespace

bool read_atomic(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  const std::span<const uint32_t> operands = instruction.operands;
  if (auto operation = read_modify_write(instruction.opcode)) {
    read_rmw(reader, instruction, *operation);
    return true;
  }
  switch (instruction.opcode) {
    case spv::Op::OpAtomicLoad: {
      llvm::Type* type = reader.type(instruction.type);
      if (!is_atomic(reader, reader.value(operands[0]), type)) return true;
      llvm::LoadInst* load = b.CreateLoad(type, reader.value(operands[0]));
      load->setAtomic(ordering(reader, operands[2], true));
      reader.define(instruction, load);
      return true;
    }
    case spv::Op::OpAtomicStore: {
      if (!is_atomic(reader, reader.value(operands[0]), reader.value(operands[3])->getType())) return true;
      llvm::StoreInst* store = b.CreateStore(reader.value(operands[3]), reader.value(operands[0]));
      store->setAtomic(ordering(reader, operands[2], false, true));
      return true;
    }
    case spv::Op::OpAtomicCompareExchange:
    case spv::Op::OpAtomicCompareExchangeWeak:
      read_compare_exchange(reader, instruction);
      return true;
    case spv::Op::OpAtomicFlagTestAndSet: {
      if (!is_atomic(reader, reader.value(operands[0]), b.getInt32Ty())) return true;
      llvm::Value* before = b.CreateAtomicRMW(llvm::AtomicRMWInst::Xchg, reader.value(operands[0]), b.getInt32(1),
                                              llvm::MaybeAlign(), ordering(reader, operands[2]));
      reader.define(instruction, b.CreateICmpNE(before, b.getInt32(0)));
      return true;
    }
    case spv::Op::OpAtomicFlagClear: {
      if (!is_atomic(reader, reader.value(operands[0]), b.getInt32Ty())) return true;
      llvm::StoreInst* store = b.CreateStore(b.getInt32(0), reader.value(operands[0]));
      store->setAtomic(ordering(reader, operands[2], false, true));
      return true;
    }
    case spv::Op::OpMemoryBarrier: {
      const llvm::AtomicOrdering order = ordering(reader, operands[1]);
      if (order != llvm::AtomicOrdering::Monotonic) b.CreateFence(order);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace metate::ze_software::spirv
