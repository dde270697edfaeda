// opencl_math – OpenCL's math functions that are composed of others.
#include <llvm/IR/Intrinsics.h>

#include <numbers>

#include "runtime/ze_software/spirv/opencl.h"

namespace metate::ze_software::spirv {
namespace {

llvm::Type* lanes_of(llvm::Type* like, llvm::Type* scalar) { return like->getWithNewType(scalar); }

llvm::Value* is_class(OpenCLCall& call, llvm::Value* x, llvm::FPClassTest test) {
  return call.b.createIsFPClass(x, test);
}

llvm::Value* nan_of(OpenCLCall& call) { return llvm::ConstantFP::getNaN(call.type); }

/// {fraction, int exponent}, by the bits of x: LLVM's own would call a library. Infinities, NaNs and zeros are their
/// own fraction, with exponent 0.
std::pair<llvm::Value*, llvm::Value*> split(OpenCLCall& call, llvm::Value* x) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Type* type = x->getType();
  llvm::Type* bits = lanes_of(type, b.getIntNTy(type->getScalarSizeInBits()));
  llvm::Type* ints = lanes_of(type, b.getInt32Ty());
  const bool is_f32 = type->getScalarType()->isFloatTy();
  const uint64_t mantissa = is_f32 ? 23 : 52, bias = is_f32 ? 127 : 1023, mask = is_f32 ? 0xff : 0x7ff;
  auto constant = [bits](uint64_t value) { return llvm::ConstantInt::get(bits, value); };
  // 1. Subnormal numbers have their exponent in the mantissa: they are scaled first.
  constexpr int kScale = 64;
  llvm::Value* subnormal = is_class(call, x, llvm::fcSubnormal);
  llvm::Value* scaled = b.CreateSelect(subnormal, b.CreateFMul(x, llvm::ConstantFP::get(type, 0x1p64)), x);
  // 2. The exponent goes out, that of [0.5, 1) comes in.
  llvm::Value* word = b.CreateBitCast(scaled, bits);
  llvm::Value* field = b.CreateAnd(b.CreateLShr(word, constant(mantissa)), constant(mask));
  llvm::Value* exponent = b.CreateSub(b.CreateZExtOrTrunc(field, ints), llvm::ConstantInt::get(ints, bias - 1));
  exponent = b.CreateSelect(subnormal, b.CreateSub(exponent, llvm::ConstantInt::get(ints, kScale)), exponent);
  word = b.CreateOr(b.CreateAnd(word, constant(~(mask << mantissa))), constant((bias - 1) << mantissa));
  llvm::Value* ordinary = is_class(call, x, llvm::fcNormal | llvm::fcSubnormal);
  return {b.CreateSelect(ordinary, b.CreateBitCast(word, type), x),
          b.CreateSelect(ordinary, exponent, llvm::Constant::getNullValue(ints))};
}

/// pow in double for floats, whose integer exponents or reciprocals need not be exact in float.
llvm::Value* wide_pow(OpenCLCall& call, llvm::Value* x, llvm::Value* y_double) {
  llvm::Type* wide = lanes_of(call.type, call.b.getDoubleTy());
  llvm::Value* power = call.math("pow", {call.b.CreateFPCast(x, wide), y_double});
  return call.b.CreateFPCast(power, call.type);
}

}  // namespace

llvm::Value* ocl_acospi(OpenCLCall& call) {
  return call.b.CreateFMul(call.math("acos", {call[0]}), call.real(std::numbers::inv_pi));
}

llvm::Value* ocl_asinpi(OpenCLCall& call) {
  return call.b.CreateFMul(call.math("asin", {call[0]}), call.real(std::numbers::inv_pi));
}

llvm::Value* ocl_atanpi(OpenCLCall& call) {
  return call.b.CreateFMul(call.math("atan", {call[0]}), call.real(std::numbers::inv_pi));
}

llvm::Value* ocl_atan2pi(OpenCLCall& call) {
  return call.b.CreateFMul(call.math("atan2", {call[0], call[1]}), call.real(std::numbers::inv_pi));
}

namespace {

/// x without its multiples of 2, in [-1, 1]; exact.
llvm::Value* within_period(OpenCLCall& call) {
  llvm::Value* periods = call.unary(llvm::Intrinsic::roundeven, call.b.CreateFMul(call[0], call.real(0.5)));
  return call.b.CreateFSub(call[0], call.b.CreateFMul(periods, call.real(2)));
}

/// sin(pi x) for |x| <= 1: beyond a half, 1 - x is as good and exact.
llvm::Value* sine_of_pi(OpenCLCall& call, llvm::Value* x) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* size = call.unary(llvm::Intrinsic::fabs, x);
  llvm::Value* small = b.CreateSelect(b.CreateFCmpOGT(size, call.real(0.5)), b.CreateFSub(call.real(1), size), size);
  llvm::Value* sine = call.math("sin", {b.CreateFMul(small, call.real(std::numbers::pi))});
  return b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, sine, x);
}

}  // namespace

llvm::Value* ocl_sinpi(OpenCLCall& call) {
  // The sign of a zero is that of the argument, which the reduction loses.
  llvm::Value* x = within_period(call);
  llvm::Value* whole = call.b.CreateFCmpOEQ(x, call.unary(llvm::Intrinsic::trunc, x));
  llvm::Value* zero = call.b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, call.real(0), call[0]);
  return call.b.CreateSelect(whole, zero, sine_of_pi(call, x));
}

llvm::Value* ocl_cospi(OpenCLCall& call) {
  // cos(pi x) = sin(pi (1/2 - |x|))
  llvm::Value* size = call.unary(llvm::Intrinsic::fabs, within_period(call));
  return sine_of_pi(call, call.b.CreateFSub(call.real(0.5), size));
}

llvm::Value* ocl_tanpi(OpenCLCall& call) { return call.b.CreateFDiv(ocl_sinpi(call), ocl_cospi(call)); }

llvm::Value* ocl_divide(OpenCLCall& call) { return call.b.CreateFDiv(call[0], call[1]); }

llvm::Value* ocl_recip(OpenCLCall& call) { return call.b.CreateFDiv(call.real(1), call[0]); }

llvm::Value* ocl_rsqrt(OpenCLCall& call) {
  return call.b.CreateFDiv(call.real(1), call.unary(llvm::Intrinsic::sqrt, call[0]));
}

llvm::Value* ocl_mad(OpenCLCall& call) { return call.b.CreateFAdd(call.b.CreateFMul(call[0], call[1]), call[2]); }

llvm::Value* ocl_fdim(OpenCLCall& call) {
  // Not less or equal, so that a NaN comes through the difference.
  llvm::Value* below = call.b.CreateFCmpOLE(call[0], call[1]);
  return call.b.CreateSelect(below, call.real(0), call.b.CreateFSub(call[0], call[1]));
}

llvm::Value* ocl_fract(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* x = call[0];
  llvm::Value* whole = call.unary(llvm::Intrinsic::floor, x);
  b.CreateStore(whole, call[1]);
  // Less than 1, however near.
  llvm::APFloat last = llvm::APFloat::getOne(call.type->getScalarType()->getFltSemantics());
  last.next(/*nextDown=*/true);
  llvm::Value* fraction =
      b.CreateBinaryIntrinsic(llvm::Intrinsic::minnum, b.CreateFSub(x, whole), llvm::ConstantFP::get(call.type, last));
  fraction = b.CreateSelect(is_class(call, x, llvm::fcInf), call.real(0), fraction);
  fraction = b.CreateSelect(is_class(call, x, llvm::fcNan), x, fraction);
  // The fractions of zeros and infinities are zeros of their signs, all others are positive.
  return b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, fraction,
                                 b.CreateSelect(is_class(call, x, llvm::fcZero | llvm::fcInf), x, call.real(1)));
}

llvm::Value* ocl_frexp(OpenCLCall& call) {
  auto [fraction, exponent] = split(call, call[0]);
  call.b.CreateStore(exponent, call[1]);
  return fraction;
}

llvm::Value* ocl_modf(OpenCLCall& call) {
  llvm::Value* whole = call.unary(llvm::Intrinsic::trunc, call[0]);
  call.b.CreateStore(whole, call[1]);
  llvm::Value* fraction =
      call.b.CreateSelect(is_class(call, call[0], llvm::fcInf), call.real(0), call.b.CreateFSub(call[0], whole));
  return call.b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, fraction, call[0]);
}

llvm::Value* ocl_ilogb(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* exponent = b.CreateSub(split(call, call[0]).second, llvm::ConstantInt::get(call.type, 1));
  // FP_ILOGB0 and FP_ILOGBNAN of OpenCL are INT_MIN and INT_MAX.
  auto* smallest = llvm::ConstantInt::get(call.type, llvm::APInt::getSignedMinValue(32));
  auto* largest = llvm::ConstantInt::get(call.type, llvm::APInt::getSignedMaxValue(32));
  exponent = b.CreateSelect(is_class(call, call[0], llvm::fcZero), smallest, exponent);
  return b.CreateSelect(is_class(call, call[0], llvm::fcNan | llvm::fcInf), largest, exponent);
}

llvm::Value* ocl_logb(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* exponent = split(call, call[0]).second;
  llvm::Value* result = b.CreateFSub(b.CreateSIToFP(exponent, call.type), call.real(1));
  result =
      b.CreateSelect(is_class(call, call[0], llvm::fcZero), llvm::ConstantFP::getInfinity(call.type, true), result);
  llvm::Value* special = b.CreateFMul(call[0], call[0]);  // infinity without sign; NaN stays
  return b.CreateSelect(is_class(call, call[0], llvm::fcNan | llvm::fcInf), special, result);
}

llvm::Value* ocl_ldexp(OpenCLCall& call) { return call.math("ldexp", {call[0], call[1]}); }

llvm::Value* ocl_lgamma_r(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* x = call[0];
  // The gamma function is negative between -1 and 0, between -3 and -2 …: where the floor is negative and odd. It has
  // poles without a sign at zero and negative integers.
  llvm::Value* whole = call.unary(llvm::Intrinsic::floor, x);
  llvm::Value* half = b.CreateFMul(whole, call.real(0.5));
  llvm::Value* odd = b.CreateFCmpUNE(half, call.unary(llvm::Intrinsic::floor, half));
  llvm::Value* negative = b.CreateAnd(b.CreateFCmpOLT(x, call.real(0)), odd);
  llvm::Value* pole = b.CreateAnd(b.CreateFCmpOLE(x, call.real(0)), b.CreateFCmpOEQ(x, whole));
  llvm::Type* ints = lanes_of(call.type, b.getInt32Ty());
  llvm::Value* sign = b.CreateSelect(negative, llvm::Constant::getAllOnesValue(ints), llvm::ConstantInt::get(ints, 1));
  b.CreateStore(b.CreateSelect(pole, llvm::Constant::getNullValue(ints), sign), call[1]);
  return call.math("lgamma", {x});
}

namespace {

llvm::Value* by_magnitude(OpenCLCall& call, bool larger) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* x = call.unary(llvm::Intrinsic::fabs, call[0]);
  llvm::Value* y = call.unary(llvm::Intrinsic::fabs, call[1]);
  const auto fallback = larger ? llvm::Intrinsic::maxnum : llvm::Intrinsic::minnum;
  llvm::Value* first = larger ? b.CreateFCmpOGT(x, y) : b.CreateFCmpOLT(x, y);
  llvm::Value* second = larger ? b.CreateFCmpOLT(x, y) : b.CreateFCmpOGT(x, y);
  llvm::Value* result = b.CreateSelect(second, call[1], b.CreateBinaryIntrinsic(fallback, call[0], call[1]));
  return b.CreateSelect(first, call[0], result);
}

}  // namespace

llvm::Value* ocl_maxmag(OpenCLCall& call) { return by_magnitude(call, true); }

llvm::Value* ocl_minmag(OpenCLCall& call) { return by_magnitude(call, false); }

llvm::Value* ocl_nextafter(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  if (!call.type->getScalarType()->isHalfTy()) return call.math("nextafter", {call[0], call[1]});
  // Magnitudes count up and down with their bits; at zero the sign is that of the goal.
  llvm::Value *x = call[0], *y = call[1];
  llvm::Type* bits = lanes_of(call.type, b.getInt16Ty());
  llvm::Value* word = b.CreateBitCast(x, bits);
  llvm::Value* outwards = b.CreateICmpEQ(b.CreateFCmpOLT(x, y), b.CreateFCmpOGT(x, call.real(0)));
  llvm::Value* moved = b.CreateSelect(outwards, b.CreateAdd(word, llvm::ConstantInt::get(bits, 1)),
                                      b.CreateSub(word, llvm::ConstantInt::get(bits, 1)));
  llvm::Value* smallest = llvm::ConstantFP::get(call.type, llvm::APFloat::getSmallest(llvm::APFloat::IEEEhalf()));
  llvm::Value* result =
      b.CreateSelect(b.CreateFCmpOEQ(x, call.real(0)), b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, smallest, y),
                     b.CreateBitCast(moved, call.type));
  result = b.CreateSelect(b.CreateFCmpOEQ(x, y), y, result);
  return b.CreateSelect(b.CreateFCmpUNO(x, y), b.CreateFAdd(x, y), result);
}

llvm::Value* ocl_nan(OpenCLCall& call) {
  llvm::Type* bits = call[0]->getType();
  const llvm::APInt quiet = llvm::APFloat::getQNaN(call.type->getScalarType()->getFltSemantics()).bitcastToAPInt();
  return call.b.CreateBitCast(call.b.CreateOr(call[0], llvm::ConstantInt::get(bits, quiet)), call.type);
}

llvm::Value* ocl_pown(OpenCLCall& call) {
  return wide_pow(call, call[0], call.b.CreateSIToFP(call[1], lanes_of(call.type, call.b.getDoubleTy())));
}

llvm::Value* ocl_powr(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value *x = call[0], *y = call[1];
  // pow without its exceptions: a negative base, and 0^0, inf^0 and 1^inf, are NaN, and the sign of zero is lost.
  llvm::Value* power = call.math("pow", {call.unary(llvm::Intrinsic::fabs, x), y});
  llvm::Value* zero_power = b.CreateAnd(is_class(call, y, llvm::fcZero), is_class(call, x, llvm::fcZero | llvm::fcInf));
  llvm::Value* one_power = b.CreateAnd(b.CreateFCmpOEQ(x, call.real(1)), is_class(call, y, llvm::fcInf));
  llvm::Value* invalid = b.CreateOr(b.CreateOr(zero_power, one_power), b.CreateFCmpOLT(x, call.real(0)));
  invalid = b.CreateOr(invalid, b.CreateOr(is_class(call, x, llvm::fcNan), is_class(call, y, llvm::fcNan)));
  return b.CreateSelect(invalid, nan_of(call), power);
}

llvm::Value* ocl_rootn(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value *x = call[0], *n = call[1];
  llvm::Type* wide = lanes_of(call.type, b.getDoubleTy());
  // 1/n in two parts: what is lost of the first counts for double, as the factor x^rest = 1 + rest * log(x).
  llvm::Constant* one = llvm::ConstantFP::get(wide, 1);
  llvm::Value* degree = b.CreateSIToFP(n, wide);
  llvm::Value* exponent = b.CreateFDiv(one, degree);
  llvm::Value* size = call.unary(llvm::Intrinsic::fabs, x);
  llvm::Value* root = wide_pow(call, size, exponent);
  if (call.type->getScalarType()->isDoubleTy()) {
    llvm::Value* rest =
        b.CreateFDiv(b.CreateIntrinsic(llvm::Intrinsic::fma, {wide}, {b.CreateFNeg(exponent), degree, one}), degree);
    llvm::Value* factor = b.CreateFMul(rest, call.math("log", {size}));
    llvm::Value* ordinary = is_class(call, x, llvm::fcNormal | llvm::fcSubnormal);
    ordinary = b.CreateAnd(ordinary, is_class(call, root, llvm::fcNormal));
    root = b.CreateSelect(ordinary, b.CreateFAdd(root, b.CreateFMul(root, factor)), root);
  }
  llvm::Constant* zero = llvm::Constant::getNullValue(n->getType());
  llvm::Value* odd = b.CreateICmpNE(b.CreateAnd(n, llvm::ConstantInt::get(n->getType(), 1)), zero);
  llvm::Value* signed_root = b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, root, x);
  llvm::Value* invalid =
      b.CreateOr(b.CreateICmpEQ(n, zero), b.CreateAnd(b.CreateNot(odd), b.CreateFCmpOLT(x, call.real(0))));
  return b.CreateSelect(invalid, nan_of(call), b.CreateSelect(odd, signed_root, root));
}

llvm::Value* ocl_remquo(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value *x = call.unary(llvm::Intrinsic::fabs, call[0]), *y = call.unary(llvm::Intrinsic::fabs, call[1]);
  // Seven bits of the quotient, all that is asked for, are those of x without the multiples of 128 y, which is exact.
  llvm::Value* part = call.math("fmod", {x, b.CreateFMul(y, call.real(128))});
  llvm::Value* whole = b.CreateFSub(part, call.math("remainder", {part, y}));
  llvm::Value* quotient = call.unary(llvm::Intrinsic::roundeven, b.CreateFDiv(whole, y));
  llvm::Type* ints = lanes_of(call.type, b.getInt32Ty());
  llvm::Value* bits = b.CreateIntrinsic(llvm::Intrinsic::fptosi_sat, {ints, call.type}, {quotient});
  bits = b.CreateAnd(bits, llvm::ConstantInt::get(ints, 127));
  llvm::Value* signs = b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, call.real(1), call[0]);
  signs = b.CreateFMul(signs, b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, call.real(1), call[1]));
  bits = b.CreateSelect(b.CreateFCmpOLT(signs, call.real(0)), b.CreateNeg(bits), bits);
  // Where there is no remainder there are no bits.
  llvm::Value* result = call.math("remainder", {call[0], call[1]});
  bits = b.CreateSelect(is_class(call, result, llvm::fcNan), llvm::Constant::getNullValue(ints), bits);
  b.CreateStore(bits, call[2]);
  return result;
}

llvm::Value* ocl_sincos(OpenCLCall& call) {
  call.b.CreateStore(call.math("cos", {call[0]}), call[1]);
  return call.math("sin", {call[0]});
}

}  // namespace metate::ze_software::spirv
