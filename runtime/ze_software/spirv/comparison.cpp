// comparison – comparisons, logic on truth values, tests of floats, selection.
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

std::optional<llvm::CmpInst::Predicate> predicate(spv::Op opcode) {
  switch (opcode) {
    case spv::Op::OpIEqual:
      return llvm::CmpInst::ICMP_EQ;
    case spv::Op::OpINotEqual:
      return llvm::CmpInst::ICMP_NE;
    case spv::Op::OpUGreaterThan:
      return llvm::CmpInst::ICMP_UGT;
    case spv::Op::OpSGreaterThan:
      return llvm::CmpInst::ICMP_SGT;
    case spv::Op::OpUGreaterThanEqual:
      return llvm::CmpInst::ICMP_UGE;
    case spv::Op::OpSGreaterThanEqual:
      return llvm::CmpInst::ICMP_SGE;
    case spv::Op::OpULessThan:
      return llvm::CmpInst::ICMP_ULT;
    case spv::Op::OpSLessThan:
      return llvm::CmpInst::ICMP_SLT;
    case spv::Op::OpULessThanEqual:
      return llvm::CmpInst::ICMP_ULE;
    case spv::Op::OpSLessThanEqual:
      return llvm::CmpInst::ICMP_SLE;
    case spv::Op::OpLogicalEqual:
      return llvm::CmpInst::ICMP_EQ;
    case spv::Op::OpLogicalNotEqual:
      return llvm::CmpInst::ICMP_NE;
    case spv::Op::OpPtrEqual:
      return llvm::CmpInst::ICMP_EQ;
    case spv::Op::OpPtrNotEqual:
      return llvm::CmpInst::ICMP_NE;
    case spv::Op::OpFOrdEqual:
      return llvm::CmpInst::FCMP_OEQ;
    case spv::Op::OpFUnordEqual:
      return llvm::CmpInst::FCMP_UEQ;
    case spv::Op::OpFOrdNotEqual:
      return llvm::CmpInst::FCMP_ONE;
    case spv::Op::OpLessOrGreater:
      return llvm::CmpInst::FCMP_ONE;
    case spv::Op::OpFUnordNotEqual:
      return llvm::CmpInst::FCMP_UNE;
    case spv::Op::OpFOrdLessThan:
      return llvm::CmpInst::FCMP_OLT;
    case spv::Op::OpFUnordLessThan:
      return llvm::CmpInst::FCMP_ULT;
    case spv::Op::OpFOrdGreaterThan:
      return llvm::CmpInst::FCMP_OGT;
    case spv::Op::OpFUnordGreaterThan:
      return llvm::CmpInst::FCMP_UGT;
    case spv::Op::OpFOrdLessThanEqual:
      return llvm::CmpInst::FCMP_OLE;
    case spv::Op::OpFUnordLessThanEqual:
      return llvm::CmpInst::FCMP_ULE;
    case spv::Op::OpFOrdGreaterThanEqual:
      return llvm::CmpInst::FCMP_OGE;
    case spv::Op::OpFUnordGreaterThanEqual:
      return llvm::CmpInst::FCMP_UGE;
    case spv::Op::OpOrdered:
      return llvm::CmpInst::FCMP_ORD;
    case spv::Op::OpUnordered:
      return llvm::CmpInst::FCMP_UNO;
    default:
      return std::nullopt;
  }
}

std::optional<llvm::FPClassTest> float_class(spv::Op opcode) {
  switch (opcode) {
    case spv::Op::OpIsNan:
      return llvm::fcNan;
    case spv::Op::OpIsInf:
      return llvm::fcInf;
    case spv::Op::OpIsFinite:
      return llvm::fcFinite;
    case spv::Op::OpIsNormal:
      return llvm::fcNormal;
    default:
      return std::nullopt;
  }
}

/// The bits of a float: LLVM 22 compares them with OpIEqual after a compare-exchange.
llvm::Value* as_integer(llvm::IRBuilder<>& b, llvm::Value* x) {
  llvm::Type* type = x->getType();
  if (!type->isFPOrFPVectorTy()) return x;
  return b.CreateBitCast(x, type->getWithNewType(b.getIntNTy(type->getScalarSizeInBits())));
}

llvm::Value* sign_bit(llvm::IRBuilder<>& b, llvm::Value* x) {
  llvm::Value* bits = as_integer(b, x);
  return b.CreateICmpSLT(bits, llvm::Constant::getNullValue(bits->getType()));
}

/// The lanes of any and all. LLVM 22 hands them OpenCL's integers, of which the top bit counts; one lane stands for
/// itself.
llvm::Value* truth(llvm::IRBuilder<>& b, llvm::Value* x) {
  if (!x->getType()->isIntOrIntVectorTy(1)) x = b.CreateICmpSLT(x, llvm::Constant::getNullValue(x->getType()));
  return x->getType()->isVectorTy() ? x : b.CreateVectorSplat(1, x);
}

}  // namespace

bool read_comparison(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  auto operand = [&](size_t index) { return reader.value(instruction.operands[index]); };
  if (auto comparison = predicate(instruction.opcode)) {
    reader.define(instruction, llvm::CmpInst::isIntPredicate(*comparison)
                                   ? b.CreateICmp(*comparison, as_integer(b, operand(0)), as_integer(b, operand(1)))
                                   : b.CreateFCmp(*comparison, operand(0), operand(1)));
    return true;
  }
  if (auto tested = float_class(instruction.opcode)) {
    reader.define(instruction, b.createIsFPClass(operand(0), *tested));
    return true;
  }
  llvm::Value* result = nullptr;
  switch (instruction.opcode) {
    case spv::Op::OpLogicalAnd:
      result = b.CreateAnd(operand(0), operand(1));
      break;
    case spv::Op::OpLogicalOr:
      result = b.CreateOr(operand(0), operand(1));
      break;
    case spv::Op::OpLogicalNot:
      result = b.CreateNot(operand(0));
      break;
    case spv::Op::OpSelect:
      result = b.CreateSelect(operand(0), operand(1), operand(2));
      break;
    case spv::Op::OpAny:
      result = b.CreateOrReduce(truth(b, operand(0)));
      break;
    case spv::Op::OpAll:
      result = b.CreateAndReduce(truth(b, operand(0)));
      break;
    case spv::Op::OpSignBitSet:
      result = sign_bit(b, operand(0));
      break;
    default:
      return false;
  }
  reader.define(instruction, result);
  return true;
}

}  // namespace metate::ze_software::spirv
