#include "runtime/ze_software/spirv/rounding.h"

#include <llvm/IR/Intrinsics.h>

namespace metate::ze_software::spirv {
namespace {

using Mode = spv::FPRoundingMode;

llvm::Type* bits_of(llvm::IRBuilder<>& b, llvm::Type* type) {
  return type->getWithNewType(b.getIntNTy(type->getScalarSizeInBits()));
}

llvm::Value* zero_like(llvm::Value* x) { return llvm::Constant::getNullValue(x->getType()); }

/// The next float away from zero or towards it, by the order of the bits.
llvm::Value* step(llvm::IRBuilder<>& b, llvm::Value* x, int by) {
  llvm::Type* bits = bits_of(b, x->getType());
  llvm::Value* moved = b.CreateAdd(b.CreateBitCast(x, bits), llvm::ConstantInt::getSigned(bits, by));
  return b.CreateBitCast(moved, x->getType());
}

/// Corrects what was rounded to nearest: `exact` and `rounded` are of the wider type, `nearest` is what is given back.
llvm::Value* direct(llvm::IRBuilder<>& b, llvm::Value* exact, llvm::Value* rounded, llvm::Value* nearest, Mode mode) {
  llvm::Value* too_large = b.CreateFCmpOGT(rounded, exact);
  llvm::Value* too_small = b.CreateFCmpOLT(rounded, exact);
  llvm::Type* bits = bits_of(b, nearest->getType());
  llvm::Value* negative = b.CreateICmpSLT(b.CreateBitCast(nearest, bits), llvm::Constant::getNullValue(bits));
  llvm::Value *inwards = step(b, nearest, -1), *outwards = step(b, nearest, 1);
  llvm::Value* down = b.CreateSelect(too_large, b.CreateSelect(negative, outwards, inwards), nearest);
  llvm::Value* up = b.CreateSelect(too_small, b.CreateSelect(negative, inwards, outwards), nearest);
  switch (mode) {
    case Mode::RTN:
      return down;
    case Mode::RTP:
      return up;
    case Mode::RTZ:
      return b.CreateSelect(negative, up, down);
    default:
      return nearest;
  }
}

/// From 64 bits to 32 so that a further rounding to 16 is right: what is cut off leaves a 1 in the last bit.
llvm::Value* round_to_odd(llvm::IRBuilder<>& b, llvm::Value* x) {
  llvm::Type* type = x->getType()->getWithNewType(b.getFloatTy());
  llvm::Value* cut = float_to_float(b, x, type, Mode::RTZ);
  llvm::Type* bits = bits_of(b, type);
  llvm::Value* inexact = b.CreateZExt(b.CreateFCmpONE(b.CreateFPExt(cut, x->getType()), x), bits);
  return b.CreateBitCast(b.CreateOr(b.CreateBitCast(cut, bits), inexact), type);
}

}  // namespace

llvm::Value* float_to_float(llvm::IRBuilder<>& b, llvm::Value* x, llvm::Type* type, Mode mode) {
  llvm::Type* from = x->getType();
  if (from == type) return x;
  if (from->getScalarSizeInBits() <= type->getScalarSizeInBits()) {
    // A CPU extends 16 bits by 32.
    if (from->getScalarType()->isHalfTy()) x = b.CreateFPExt(x, from->getWithNewType(b.getFloatTy()));
    return x->getType() == type ? x : b.CreateFPExt(x, type);
  }
  const bool from_double_to_half = from->getScalarType()->isDoubleTy() && type->getScalarType()->isHalfTy();
  // Odd rounding keeps what the last step needs to know, in any direction.
  if (from_double_to_half) return float_to_float(b, round_to_odd(b, x), type, mode);
  llvm::Value* nearest = b.CreateFPTrunc(x, type);
  if (mode == Mode::RTE) return nearest;
  return direct(b, x, b.CreateFPExt(nearest, from), nearest, mode);
}

llvm::Value* integer_to_float(llvm::IRBuilder<>& b, llvm::Value* x, llvm::Type* type, bool is_signed, Mode mode) {
  if (type->getScalarType()->isHalfTy()) {
    // 64 bits are enough to be exact below the largest half, above which it does not matter.
    llvm::Type* wide = type->getWithNewType(b.getDoubleTy());
    return float_to_float(b, integer_to_float(b, x, wide, is_signed, Mode::RTZ), type, mode);
  }
  if (mode == Mode::RTE) return is_signed ? b.CreateSIToFP(x, type) : b.CreateUIToFP(x, type);
  // Magnitudes of 64 bits are cut after as many bits as the float has.
  llvm::Type* wide = x->getType()->getWithNewType(b.getInt64Ty());
  auto constant = [wide](uint64_t value) { return llvm::ConstantInt::get(wide, value); };
  x = is_signed ? b.CreateSExt(x, wide) : b.CreateZExt(x, wide);
  llvm::Value* negative = is_signed ? b.CreateICmpSLT(x, zero_like(x))
                                    : llvm::ConstantInt::getFalse(llvm::CmpInst::makeCmpResultType(wide));
  llvm::Value* magnitude = b.CreateSelect(negative, b.CreateNeg(x), x);
  const uint64_t precision = type->getScalarType()->isFloatTy() ? 24 : 53;
  llvm::Value* leading = b.CreateIntrinsic(llvm::Intrinsic::ctlz, {wide}, {magnitude, b.getFalse()});
  llvm::Value* dropped = b.CreateBinaryIntrinsic(llvm::Intrinsic::usub_sat, constant(64 - precision), leading);
  llvm::Value* unit = b.CreateShl(constant(1), dropped);
  llvm::Value* rest = b.CreateAnd(magnitude, b.CreateSub(unit, constant(1)));
  llvm::Value* inner = b.CreateUIToFP(b.CreateSub(magnitude, rest), type);
  llvm::Value* outer = b.CreateFAdd(inner, b.CreateUIToFP(unit, type));
  llvm::Value* inexact = b.CreateICmpNE(rest, zero_like(rest));
  llvm::Value* outwards = mode == Mode::RTP   ? b.CreateNot(negative)
                          : mode == Mode::RTN ? negative
                                              : llvm::ConstantInt::getFalse(negative->getType());
  llvm::Value* result = b.CreateSelect(b.CreateAnd(inexact, outwards), outer, inner);
  return b.CreateSelect(negative, b.CreateFNeg(result), result);
}

}  // namespace metate::ze_software::spirv
