// arithmetic – integer and floating-point arithmetic, on scalars and vectors alike.
#include <llvm/IR/Intrinsics.h>

#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

/// What FPFastMathMode allows for this instruction. Contraction never: one input has one value, wherever it stands.
llvm::FastMathFlags fast_math(Reader& reader, const Instruction& instruction) {
  llvm::FastMathFlags flags;
  const Decoration* mode = reader.decoration(instruction.result, spv::Decoration::FPFastMathMode);
  if (!mode) return flags;
  const auto bits = static_cast<spv::FPFastMathModeMask>(mode->operands[0]);
  auto has = [bits](spv::FPFastMathModeMask bit) { return (bits & bit) != spv::FPFastMathModeMask::MaskNone; };
  const bool fast = has(spv::FPFastMathModeMask::Fast);
  flags.setNoNaNs(fast || has(spv::FPFastMathModeMask::NotNaN));
  flags.setNoInfs(fast || has(spv::FPFastMathModeMask::NotInf));
  flags.setNoSignedZeros(fast || has(spv::FPFastMathModeMask::NSZ));
  flags.setAllowReciprocal(fast || has(spv::FPFastMathModeMask::AllowRecip));
  flags.setAllowReassoc(fast);
  return flags;
}

/// A divisor that the CPU can divide by. SPIR-V leaves x/0 and INT_MIN/-1 undefined, but a trap would end the process:
/// such an item divides by one.
llvm::Value* safe_divisor(Reader& reader, llvm::Value* dividend, llvm::Value* divisor, bool is_signed) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* type = divisor->getType();
  llvm::Value* bad = b.CreateICmpEQ(divisor, llvm::Constant::getNullValue(type));
  if (is_signed) {
    auto* smallest = llvm::ConstantInt::get(type, llvm::APInt::getSignedMinValue(type->getScalarSizeInBits()));
    llvm::Value* overflows =
        b.CreateAnd(b.CreateICmpEQ(dividend, smallest), b.CreateICmpEQ(divisor, llvm::Constant::getAllOnesValue(type)));
    bad = b.CreateOr(bad, overflows);
  }
  return b.CreateSelect(bad, llvm::ConstantInt::get(type, 1), divisor);
}

llvm::Value* divide(Reader& reader, spv::Op opcode, llvm::Value* x, llvm::Value* y) {
  llvm::IRBuilder<>& b = reader.builder();
  const bool is_signed = opcode != spv::Op::OpUDiv && opcode != spv::Op::OpUMod;
  y = safe_divisor(reader, x, y, is_signed);
  switch (opcode) {
    case spv::Op::OpUDiv:
      return b.CreateUDiv(x, y);
    case spv::Op::OpSDiv:
      return b.CreateSDiv(x, y);
    case spv::Op::OpUMod:
      return b.CreateURem(x, y);
    default:
      break;
  }
  llvm::Value* remainder = b.CreateSRem(x, y);
  if (opcode == spv::Op::OpSRem) return remainder;
  // OpSMod has the sign of the divisor.
  llvm::Constant* zero = llvm::Constant::getNullValue(x->getType());
  llvm::Value* differs = b.CreateICmpSLT(b.CreateXor(remainder, y), zero);
  llvm::Value* adjust = b.CreateAnd(differs, b.CreateICmpNE(remainder, zero));
  return b.CreateSelect(adjust, b.CreateAdd(remainder, y), remainder);
}

llvm::Value* float_modulo(Reader& reader, llvm::Value* x, llvm::Value* y) {
  // OpFMod: the remainder with the sign of the divisor.
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Value* remainder = b.CreateFRem(x, y);
  llvm::Constant* zero = llvm::Constant::getNullValue(x->getType());
  llvm::Value* differs = b.CreateXor(b.CreateFCmpOLT(remainder, zero), b.CreateFCmpOLT(y, zero));
  llvm::Value* adjust = b.CreateAnd(differs, b.CreateFCmpUNE(remainder, zero));
  return b.CreateSelect(adjust, b.CreateFAdd(remainder, y), remainder);
}

/// The structure {low, high} of a product, or {result, carry} of a sum.
llvm::Value* extended(Reader& reader, const Instruction& instruction, llvm::Value* x, llvm::Value* y) {
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* type = x->getType();
  llvm::Value *first = nullptr, *second = nullptr;
  if (instruction.opcode == spv::Op::OpIAddCarry) {
    first = b.CreateAdd(x, y);
    second = b.CreateZExt(b.CreateICmpULT(first, x), type);
  } else if (instruction.opcode == spv::Op::OpISubBorrow) {
    first = b.CreateSub(x, y);
    second = b.CreateZExt(b.CreateICmpULT(x, y), type);
  } else {
    const bool is_signed = instruction.opcode == spv::Op::OpSMulExtended;
    const unsigned width = type->getScalarSizeInBits();
    llvm::Type* wide = type->getExtendedType();
    llvm::Value* product = b.CreateMul(is_signed ? b.CreateSExt(x, wide) : b.CreateZExt(x, wide),
                                       is_signed ? b.CreateSExt(y, wide) : b.CreateZExt(y, wide));
    first = b.CreateTrunc(product, type);
    second = b.CreateTrunc(b.CreateLShr(product, width), type);
  }
  llvm::Value* pair = llvm::PoisonValue::get(reader.type(instruction.type));
  return b.CreateInsertValue(b.CreateInsertValue(pair, first, 0), second, 1);
}

llvm::Value* dot_product(Reader& reader, llvm::Value* x, llvm::Value* y) {
  llvm::IRBuilder<>& b = reader.builder();
  auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(x->getType());
  llvm::Value* products = b.CreateFMul(x, y);
  if (!vector) return products;
  llvm::Value* sum = b.CreateExtractElement(products, uint64_t{0});
  for (unsigned i = 1; i < vector->getNumElements(); ++i) sum = b.CreateFAdd(sum, b.CreateExtractElement(products, i));
  return sum;
}

}  // namespace

bool read_arithmetic(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  auto operand = [&](size_t index) { return reader.value(instruction.operands[index]); };
  // LLVM 22 forgets to cut wider operands of narrow operations.
  auto low_bits = [&](size_t index) { return b.CreateTrunc(operand(index), reader.type(instruction.type)); };
  const bool nsw = reader.decoration(instruction.result, spv::Decoration::NoSignedWrap) != nullptr;
  const bool nuw = reader.decoration(instruction.result, spv::Decoration::NoUnsignedWrap) != nullptr;
  llvm::IRBuilder<>::FastMathFlagGuard guard(b);
  b.setFastMathFlags(fast_math(reader, instruction));

  llvm::Value* result = nullptr;
  switch (instruction.opcode) {
    case spv::Op::OpIAdd:
      result = b.CreateAdd(low_bits(0), low_bits(1), "", nuw, nsw);
      break;
    case spv::Op::OpISub:
      result = b.CreateSub(low_bits(0), low_bits(1), "", nuw, nsw);
      break;
    case spv::Op::OpIMul:
      result = b.CreateMul(low_bits(0), low_bits(1), "", nuw, nsw);
      break;
    case spv::Op::OpSNegate:
      result = b.CreateNeg(operand(0), "", nsw);
      break;
    case spv::Op::OpUDiv:
    case spv::Op::OpSDiv:
    case spv::Op::OpUMod:
    case spv::Op::OpSRem:
    case spv::Op::OpSMod:
      result = divide(reader, instruction.opcode, operand(0), operand(1));
      break;
    case spv::Op::OpFAdd:
      result = b.CreateFAdd(operand(0), operand(1));
      break;
    case spv::Op::OpFSub:
      result = b.CreateFSub(operand(0), operand(1));
      break;
    case spv::Op::OpFMul:
      result = b.CreateFMul(operand(0), operand(1));
      break;
    case spv::Op::OpFDiv:
      result = b.CreateFDiv(operand(0), operand(1));
      break;
    case spv::Op::OpFRem:
      result = b.CreateFRem(operand(0), operand(1));
      break;
    case spv::Op::OpFMod:
      result = float_modulo(reader, operand(0), operand(1));
      break;
    case spv::Op::OpFNegate:
      result = b.CreateFNeg(operand(0));
      break;
    case spv::Op::OpVectorTimesScalar: {
      auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(operand(0)->getType());
      if (!vector || !vector->isFPOrFPVectorTy() || operand(1)->getType() != vector->getElementType()) {
        reader.fail("OpVectorTimesScalar multiplies what is no vector by a scalar of its elements");
        return true;
      }
      result = b.CreateFMul(operand(0), b.CreateVectorSplat(vector->getNumElements(), operand(1)));
      break;
    }
    case spv::Op::OpDot:
      result = dot_product(reader, operand(0), operand(1));
      break;
    case spv::Op::OpIAddCarry:
    case spv::Op::OpISubBorrow:
    case spv::Op::OpUMulExtended:
    case spv::Op::OpSMulExtended:
      result = extended(reader, instruction, operand(0), operand(1));
      break;
    default:
      return false;
  }
  reader.define(instruction, result);
  return true;
}

}  // namespace metate::ze_software::spirv
