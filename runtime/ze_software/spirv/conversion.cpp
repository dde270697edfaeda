// conversion – between integers, floats and pointers, with rounding and saturation.
#include <llvm/IR/Intrinsics.h>

#include "runtime/ze_software/spirv/reader.h"
#include "runtime/ze_software/spirv/rounding.h"

namespace metate::ze_software::spirv {
namespace {

struct Converter {
  Reader& reader;
  const Instruction& instruction;
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Type* target = reader.type(instruction.type);
  llvm::Value* x = reader.value(instruction.operands[0]);
  bool saturates = reader.decoration(instruction.result, spv::Decoration::SaturatedConversion) != nullptr;

  std::optional<spv::FPRoundingMode> rounding() const {
    const Decoration* mode = reader.decoration(instruction.result, spv::Decoration::FPRoundingMode);
    if (!mode) return std::nullopt;
    return static_cast<spv::FPRoundingMode>(mode->operands[0]);
  }

  spv::FPRoundingMode float_rounding() const { return rounding().value_or(spv::FPRoundingMode::RTE); }

  llvm::Constant* limit(const llvm::APInt& value) const {
    return llvm::ConstantInt::get(x->getType(), value.sext(x->getType()->getScalarSizeInBits()));
  }

  /// Floats cut towards zero unless the conversion names another mode.
  llvm::Value* float_to_integer(bool is_signed) {
    switch (rounding().value_or(spv::FPRoundingMode::RTZ)) {
      case spv::FPRoundingMode::RTE:
        x = b.CreateUnaryIntrinsic(llvm::Intrinsic::roundeven, x);
        break;
      case spv::FPRoundingMode::RTP:
        x = b.CreateUnaryIntrinsic(llvm::Intrinsic::ceil, x);
        break;
      case spv::FPRoundingMode::RTN:
        x = b.CreateUnaryIntrinsic(llvm::Intrinsic::floor, x);
        break;
      default:
        break;
    }
    if (saturates) {
      const auto id = is_signed ? llvm::Intrinsic::fptosi_sat : llvm::Intrinsic::fptoui_sat;
      return b.CreateIntrinsic(id, {target, x->getType()}, {x});
    }
    return is_signed ? b.CreateFPToSI(x, target) : b.CreateFPToUI(x, target);
  }

  /// Whether the conversion makes sense for these types.
  bool fits(spv::Op opcode) const {
    llvm::Type* source = x->getType();
    if (opcode == spv::Op::OpBitcast) return bits_fit(source);
    const bool ints = source->isIntOrIntVectorTy() && target->isIntOrIntVectorTy();
    if (!same_lanes(source, target)) return false;
    switch (opcode) {
      case spv::Op::OpConvertFToU:
      case spv::Op::OpConvertFToS:
        return source->isFPOrFPVectorTy() && target->isIntOrIntVectorTy();
      case spv::Op::OpConvertSToF:
      case spv::Op::OpConvertUToF:
        return source->isIntOrIntVectorTy() && target->isFPOrFPVectorTy();
      case spv::Op::OpFConvert:
        return source->isFPOrFPVectorTy() && target->isFPOrFPVectorTy();
      case spv::Op::OpConvertPtrToU:
        return source->isPtrOrPtrVectorTy() && target->isIntOrIntVectorTy();
      case spv::Op::OpConvertUToPtr:
        return source->isIntOrIntVectorTy() && target->isPtrOrPtrVectorTy();
      case spv::Op::OpPtrCastToGeneric:
      case spv::Op::OpGenericCastToPtr:
        return source == target && source->isPtrOrPtrVectorTy();
      default:
        return ints;
    }
  }

  bool bits_fit(llvm::Type* source) const {
    if (source == target) return true;
    const auto cast = source->isPointerTy() && target->isIntegerTy()   ? llvm::Instruction::PtrToInt
                      : source->isIntegerTy() && target->isPointerTy() ? llvm::Instruction::IntToPtr
                                                                       : llvm::Instruction::BitCast;
    return llvm::CastInst::castIsValid(cast, source, target);
  }

  llvm::Value* integer_to_integer(bool is_signed) {
    const unsigned from = x->getType()->getScalarSizeInBits();
    const unsigned to = target->getScalarSizeInBits();
    if (saturates && to < from) {
      if (is_signed) {
        x = b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, x, limit(llvm::APInt::getSignedMaxValue(to)));
        x = b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, x, limit(llvm::APInt::getSignedMinValue(to)));
      } else {
        auto* largest = llvm::ConstantInt::get(x->getType(), llvm::APInt::getMaxValue(to).zext(from));
        x = b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, x, largest);
      }
    }
    return is_signed ? b.CreateSExtOrTrunc(x, target) : b.CreateZExtOrTrunc(x, target);
  }

  /// Signed to unsigned or back, to the nearest value that the target has.
  llvm::Value* saturate_sign(bool from_signed) {
    const unsigned from = x->getType()->getScalarSizeInBits();
    const unsigned to = target->getScalarSizeInBits();
    if (from_signed) {
      x = b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, x, llvm::Constant::getNullValue(x->getType()));
      if (to < from) {
        auto* largest = llvm::ConstantInt::get(x->getType(), llvm::APInt::getMaxValue(to).zext(from));
        x = b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, x, largest);
      }
    } else if (to <= from) {
      auto* largest = llvm::ConstantInt::get(x->getType(), llvm::APInt::getSignedMaxValue(to).zext(from));
      x = b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, x, largest);
    }
    return b.CreateZExtOrTrunc(x, target);
  }

  llvm::Value* reinterpret() {
    if (x->getType() == target) return x;
    const bool from_pointer = x->getType()->isPtrOrPtrVectorTy();
    const bool to_pointer = target->isPtrOrPtrVectorTy();
    if (from_pointer && !to_pointer) return b.CreatePtrToInt(x, target);
    if (!from_pointer && to_pointer) return b.CreateIntToPtr(x, target);
    return b.CreateBitCast(x, target);
  }
};

}  // namespace

bool read_conversion(Reader& reader, const Instruction& instruction) {
  switch (instruction.opcode) {
    case spv::Op::OpConvertFToU:
    case spv::Op::OpConvertFToS:
    case spv::Op::OpConvertSToF:
    case spv::Op::OpConvertUToF:
    case spv::Op::OpUConvert:
    case spv::Op::OpSConvert:
    case spv::Op::OpFConvert:
    case spv::Op::OpSatConvertSToU:
    case spv::Op::OpSatConvertUToS:
    case spv::Op::OpBitcast:
    case spv::Op::OpConvertPtrToU:
    case spv::Op::OpConvertUToPtr:
    case spv::Op::OpPtrCastToGeneric:
    case spv::Op::OpGenericCastToPtr:
      break;
    default:
      return false;
  }
  Converter convert{reader, instruction};
  if (!convert.fits(instruction.opcode)) {
    reader.fail(opcode_name(instruction.opcode) + " does not convert between these types");
    return true;
  }
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Value* result = nullptr;
  switch (instruction.opcode) {
    case spv::Op::OpConvertFToU:
      result = convert.float_to_integer(false);
      break;
    case spv::Op::OpConvertFToS:
      result = convert.float_to_integer(true);
      break;
    case spv::Op::OpConvertSToF:
      result = integer_to_float(b, convert.x, convert.target, true, convert.float_rounding());
      break;
    case spv::Op::OpConvertUToF:
      result = integer_to_float(b, convert.x, convert.target, false, convert.float_rounding());
      break;
    case spv::Op::OpFConvert:
      result = float_to_float(b, convert.x, convert.target, convert.float_rounding());
      break;
    case spv::Op::OpUConvert:
      result = convert.integer_to_integer(false);
      break;
    case spv::Op::OpSConvert:
      result = convert.integer_to_integer(true);
      break;
    case spv::Op::OpSatConvertSToU:
      result = convert.saturate_sign(true);
      break;
    case spv::Op::OpSatConvertUToS:
      result = convert.saturate_sign(false);
      break;
    case spv::Op::OpConvertPtrToU:
      result = b.CreatePtrToInt(convert.x, convert.target);
      break;
    case spv::Op::OpConvertUToPtr:
      result = b.CreateIntToPtr(convert.x, convert.target);
      break;
    default:
      result = convert.reinterpret();
      break;  // bit casts, and pointers that change the address space
  }
  reader.define(instruction, result);
  return true;
}

}  // namespace metate::ze_software::spirv
