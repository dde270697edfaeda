// bits – shifts, bitwise logic, bit fields and counts.
#include <llvm/IR/Intrinsics.h>

#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

/// SPIR-V leaves shifts by the width or more undefined; LLVM would make them poison, which spreads. Here they wrap, as
/// OpenCL C has it.
llvm::Value* shift_amount(llvm::IRBuilder<>& b, llvm::Value* shifted, llvm::Value* amount) {
  amount = b.CreateZExtOrTrunc(amount, shifted->getType());
  return b.CreateAnd(amount, llvm::ConstantInt::get(shifted->getType(), shifted->getType()->getScalarSizeInBits() - 1));
}

/// A scalar bit offset or count in the type of the base.
llvm::Value* like_base(llvm::IRBuilder<>& b, llvm::Value* base, llvm::Value* scalar) {
  llvm::Value* converted = b.CreateZExtOrTrunc(scalar, base->getType()->getScalarType());
  auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(base->getType());
  return vector ? b.CreateVectorSplat(vector->getNumElements(), converted) : converted;
}

/// `count` low bits set; a count of the whole width is allowed.
llvm::Value* low_mask(llvm::IRBuilder<>& b, llvm::Value* count) {
  llvm::Type* type = count->getType();
  const unsigned width = type->getScalarSizeInBits();
  llvm::Value* full = b.CreateICmpEQ(count, llvm::ConstantInt::get(type, width));
  llvm::Value* bounded = b.CreateAnd(count, llvm::ConstantInt::get(type, width - 1));
  llvm::Value* mask = b.CreateNot(b.CreateShl(llvm::Constant::getAllOnesValue(type), bounded));
  return b.CreateSelect(full, llvm::Constant::getAllOnesValue(type), mask);
}

llvm::Value* insert_field(llvm::IRBuilder<>& b, llvm::Value* base, llvm::Value* field, llvm::Value* offset,
                          llvm::Value* count) {
  llvm::Value* at = shift_amount(b, base, like_base(b, base, offset));
  llvm::Value* mask = b.CreateShl(low_mask(b, like_base(b, base, count)), at);
  return b.CreateOr(b.CreateAnd(base, b.CreateNot(mask)), b.CreateAnd(b.CreateShl(field, at), mask));
}

llvm::Value* extract_field(llvm::IRBuilder<>& b, llvm::Value* base, llvm::Value* offset, llvm::Value* count,
                           bool is_signed) {
  llvm::Type* type = base->getType();
  llvm::Value* bits = like_base(b, base, count);
  llvm::Value* field =
      b.CreateAnd(b.CreateLShr(base, shift_amount(b, base, like_base(b, base, offset))), low_mask(b, bits));
  if (!is_signed) return field;
  // (field ^ sign) - sign extends the field's top bit.
  llvm::Constant* one = llvm::ConstantInt::get(type, 1);
  llvm::Value* none = b.CreateICmpEQ(bits, llvm::Constant::getNullValue(type));
  llvm::Value* sign = b.CreateShl(one, shift_amount(b, base, b.CreateSub(bits, one)));
  llvm::Value* extended = b.CreateSub(b.CreateXor(field, sign), sign);
  return b.CreateSelect(none, llvm::Constant::getNullValue(type), extended);
}

}  // namespace

bool read_bits(Reader& reader, const Instruction& instruction) {
  llvm::IRBuilder<>& b = reader.builder();
  auto operand = [&](size_t index) { return reader.value(instruction.operands[index]); };
  // LLVM 22 forgets to cut wider operands of narrow operations.
  auto low_bits = [&](size_t index) { return b.CreateTrunc(operand(index), reader.type(instruction.type)); };
  llvm::Value* result = nullptr;
  switch (instruction.opcode) {
    case spv::Op::OpShiftLeftLogical:
      result = b.CreateShl(operand(0), shift_amount(b, operand(0), operand(1)));
      break;
    case spv::Op::OpShiftRightLogical:
      result = b.CreateLShr(operand(0), shift_amount(b, operand(0), operand(1)));
      break;
    case spv::Op::OpShiftRightArithmetic:
      result = b.CreateAShr(operand(0), shift_amount(b, operand(0), operand(1)));
      break;
    case spv::Op::OpBitwiseAnd:
      result = b.CreateAnd(low_bits(0), low_bits(1));
      break;
    case spv::Op::OpBitwiseOr:
      result = b.CreateOr(low_bits(0), low_bits(1));
      break;
    case spv::Op::OpBitwiseXor:
      result = b.CreateXor(low_bits(0), low_bits(1));
      break;
    case spv::Op::OpNot:
      result = b.CreateNot(low_bits(0));
      break;
    case spv::Op::OpBitReverse:
      result = b.CreateUnaryIntrinsic(llvm::Intrinsic::bitreverse, operand(0));
      break;
    case spv::Op::OpBitCount:
      result = b.CreateZExtOrTrunc(b.CreateUnaryIntrinsic(llvm::Intrinsic::ctpop, operand(0)),
                                   reader.type(instruction.type));
      break;
    case spv::Op::OpBitFieldInsert:
      result = insert_field(b, operand(0), operand(1), operand(2), operand(3));
      break;
    case spv::Op::OpBitFieldSExtract:
      result = extract_field(b, operand(0), operand(1), operand(2), true);
      break;
    case spv::Op::OpBitFieldUExtract:
      result = extract_field(b, operand(0), operand(1), operand(2), false);
      break;
    default:
      return false;
  }
  reader.define(instruction, result);
  return true;
}

}  // namespace metate::ze_software::spirv
