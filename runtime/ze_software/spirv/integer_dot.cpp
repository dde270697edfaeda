// integer_dot – dot products of integer vectors, of packed ones too, and those that are added with saturation.
#include <llvm/IR/Intrinsics.h>

#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

struct Form {
  bool first_signed, second_signed, accumulates;
};

std::optional<Form> form_of(spv::Op opcode) {
  switch (opcode) {
    case spv::Op::OpSDot:
      return Form{true, true, false};
    case spv::Op::OpUDot:
      return Form{false, false, false};
    case spv::Op::OpSUDot:
      return Form{true, false, false};
    case spv::Op::OpSDotAccSat:
      return Form{true, true, true};
    case spv::Op::OpUDotAccSat:
      return Form{false, false, true};
    case spv::Op::OpSUDotAccSat:
      return Form{true, false, true};
    default:
      return std::nullopt;
  }
}

llvm::Value* extend(llvm::IRBuilder<>& b, llvm::Value* value, llvm::Type* type, bool is_signed) {
  return is_signed ? b.CreateSExt(value, type) : b.CreateZExt(value, type);
}

/// Four numbers of 8 bits in an integer of 32, as a vector; vectors as they are; null for what is neither.
llvm::Value* as_vector(llvm::IRBuilder<>& b, llvm::Value* value) {
  auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(value->getType());
  if (vector) return vector->getElementType()->isIntegerTy() ? value : nullptr;
  if (!value->getType()->isIntegerTy(32)) return nullptr;
  return b.CreateBitCast(value, llvm::FixedVectorType::get(b.getInt8Ty(), 4));
}

/// The sum in `type`, whose lower bits are right in any width.
llvm::Value* sum_of_products(llvm::IRBuilder<>& b, llvm::Value* x, llvm::Value* y, const Form& form,
                             llvm::IntegerType* type) {
  const unsigned lanes = llvm::cast<llvm::FixedVectorType>(x->getType())->getNumElements();
  auto* wide = llvm::FixedVectorType::get(type, lanes);
  llvm::Value* products = b.CreateMul(extend(b, x, wide, form.first_signed), extend(b, y, wide, form.second_signed));
  return b.CreateAddReduce(products);
}

/// The sum and the accumulator are added exactly and then cut to the range of the result.
llvm::Value* accumulate(llvm::IRBuilder<>& b, llvm::Value* x, llvm::Value* y, llvm::Value* accumulator,
                        const Form& form) {
  auto* result = llvm::cast<llvm::IntegerType>(accumulator->getType());
  const unsigned products = 2 * x->getType()->getScalarSizeInBits() + 8;  // of up to 16 lanes, and a sign
  llvm::IntegerType* wide = b.getIntNTy(llvm::PowerOf2Ceil(std::max(products, result->getBitWidth() + 2)));
  const unsigned excess = wide->getBitWidth() - result->getBitWidth();
  llvm::Value* sum = b.CreateAdd(sum_of_products(b, x, y, form, wide), extend(b, accumulator, wide, form.first_signed));
  const llvm::APInt limit = llvm::APInt::getMaxValue(result->getBitWidth());
  if (!form.first_signed) {
    sum = b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, sum,
                                  llvm::ConstantInt::get(wide, limit.zext(limit.getBitWidth() + excess)));
  } else {
    const llvm::APInt most = llvm::APInt::getSignedMaxValue(result->getBitWidth()).sext(wide->getBitWidth());
    const llvm::APInt least = llvm::APInt::getSignedMinValue(result->getBitWidth()).sext(wide->getBitWidth());
    sum = b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, sum, llvm::ConstantInt::get(wide, most));
    sum = b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, sum, llvm::ConstantInt::get(wide, least));
  }
  return b.CreateTrunc(sum, result);
}

}  // namespace

/// Operands: two vectors, or two packed integers with the format behind all others; before that the accumulator.
bool read_integer_dot(Reader& reader, const Instruction& instruction) {
  const std::optional<Form> form = form_of(instruction.opcode);
  if (!form) return false;
  llvm::IRBuilder<>& b = reader.builder();
  auto* type = llvm::dyn_cast<llvm::IntegerType>(reader.type(instruction.type));
  llvm::Value* x = as_vector(b, reader.value(instruction.operands[0]));
  llvm::Value* y = as_vector(b, reader.value(instruction.operands[1]));
  llvm::Value* accumulator = form->accumulates ? reader.value(instruction.operands[2]) : nullptr;
  const bool fits = type && x && y && x->getType() == y->getType() &&
                    type->getBitWidth() >= x->getType()->getScalarSizeInBits() &&
                    (!accumulator || accumulator->getType() == type);
  if (!fits) {
    reader.fail(opcode_name(instruction.opcode) + " is of no two vectors of integers that its result can hold");
    return true;
  }
  reader.define(instruction,
                accumulator ? accumulate(b, x, y, accumulator, *form) : sum_of_products(b, x, y, *form, type));
  return true;
}

}  // namespace metate::ze_software::spirv
