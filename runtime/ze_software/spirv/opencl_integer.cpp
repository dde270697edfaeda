// opencl_integer – OpenCL's integer functions.
#include <llvm/IR/Intrinsics.h>

#include "runtime/ze_software/spirv/opencl.h"

namespace metate::ze_software::spirv {
namespace {

llvm::Value* binary(OpenCLCall& call, llvm::Intrinsic::ID id, llvm::Value* x, llvm::Value* y) {
  return call.b.CreateBinaryIntrinsic(id, x, y);
}

llvm::Value* widen(OpenCLCall& call, llvm::Value* x, bool is_signed) {
  llvm::Type* wide = x->getType()->getExtendedType();
  return is_signed ? call.b.CreateSExt(x, wide) : call.b.CreateZExt(x, wide);
}

llvm::Value* high_half(OpenCLCall& call, bool is_signed) {
  const unsigned width = call.type->getScalarSizeInBits();
  llvm::Value* product = call.b.CreateMul(widen(call, call[0], is_signed), widen(call, call[1], is_signed));
  return call.b.CreateTrunc(call.b.CreateLShr(product, width), call.type);
}

/// (x + y) / 2 rounded down, or up, without overflow: what both have in common plus half of the rest.
llvm::Value* halved_sum(OpenCLCall& call, bool is_signed, bool up) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* common = up ? b.CreateOr(call[0], call[1]) : b.CreateAnd(call[0], call[1]);
  llvm::Value* rest = b.CreateXor(call[0], call[1]);
  llvm::Constant* one = llvm::ConstantInt::get(call.type, 1);
  llvm::Value* half = is_signed ? b.CreateAShr(rest, one) : b.CreateLShr(rest, one);
  return up ? b.CreateSub(common, half) : b.CreateAdd(common, half);
}

llvm::Value* difference(OpenCLCall& call, bool is_signed) {
  const auto larger = is_signed ? llvm::Intrinsic::smax : llvm::Intrinsic::umax;
  const auto smaller = is_signed ? llvm::Intrinsic::smin : llvm::Intrinsic::umin;
  return call.b.CreateSub(binary(call, larger, call[0], call[1]), binary(call, smaller, call[0], call[1]));
}

llvm::Value* saturated_multiply_add(OpenCLCall& call, bool is_signed) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* wide = b.CreateAdd(b.CreateMul(widen(call, call[0], is_signed), widen(call, call[1], is_signed)),
                                  widen(call, call[2], is_signed));
  const unsigned width = call.type->getScalarSizeInBits();
  auto limit = [&](const llvm::APInt& value) { return llvm::ConstantInt::get(wide->getType(), value); };
  if (is_signed) {
    wide = binary(call, llvm::Intrinsic::smin, wide, limit(llvm::APInt::getSignedMaxValue(width).sext(2 * width)));
    wide = binary(call, llvm::Intrinsic::smax, wide, limit(llvm::APInt::getSignedMinValue(width).sext(2 * width)));
  } else {
    wide = binary(call, llvm::Intrinsic::umin, wide, limit(llvm::APInt::getMaxValue(width).zext(2 * width)));
  }
  return b.CreateTrunc(wide, call.type);
}

llvm::Value* joined(OpenCLCall& call, bool is_signed) {
  llvm::IRBuilder<>& b = call.b;
  const unsigned width = call[0]->getType()->getScalarSizeInBits();
  llvm::Value* high = is_signed ? b.CreateSExt(call[0], call.type) : b.CreateZExt(call[0], call.type);
  return b.CreateOr(b.CreateShl(high, width), b.CreateZExt(call[1], call.type));
}

llvm::Value* clamped(OpenCLCall& call, llvm::Intrinsic::ID larger, llvm::Intrinsic::ID smaller) {
  return binary(call, smaller, binary(call, larger, call[0], call[1]), call[2]);
}

/// Of zero they give the width.
llvm::Value* count_zeros(OpenCLCall& call, llvm::Intrinsic::ID id) {
  return call.b.CreateIntrinsic(id, {call.type}, {call[0], call.b.getFalse()});
}

}  // namespace

llvm::Value* ocl_s_abs(OpenCLCall& call) {
  return call.b.CreateIntrinsic(llvm::Intrinsic::abs, {call.type}, {call[0], call.b.getFalse()});
}

llvm::Value* ocl_u_abs(OpenCLCall& call) { return call[0]; }
llvm::Value* ocl_s_abs_diff(OpenCLCall& call) { return difference(call, true); }
llvm::Value* ocl_u_abs_diff(OpenCLCall& call) { return difference(call, false); }
llvm::Value* ocl_s_hadd(OpenCLCall& call) { return halved_sum(call, true, false); }
llvm::Value* ocl_u_hadd(OpenCLCall& call) { return halved_sum(call, false, false); }
llvm::Value* ocl_s_rhadd(OpenCLCall& call) { return halved_sum(call, true, true); }
llvm::Value* ocl_u_rhadd(OpenCLCall& call) { return halved_sum(call, false, true); }
llvm::Value* ocl_s_clamp(OpenCLCall& call) { return clamped(call, llvm::Intrinsic::smax, llvm::Intrinsic::smin); }
llvm::Value* ocl_u_clamp(OpenCLCall& call) { return clamped(call, llvm::Intrinsic::umax, llvm::Intrinsic::umin); }
llvm::Value* ocl_clz(OpenCLCall& call) { return count_zeros(call, llvm::Intrinsic::ctlz); }
llvm::Value* ocl_ctz(OpenCLCall& call) { return count_zeros(call, llvm::Intrinsic::cttz); }
llvm::Value* ocl_s_mul_hi(OpenCLCall& call) { return high_half(call, true); }
llvm::Value* ocl_u_mul_hi(OpenCLCall& call) { return high_half(call, false); }
llvm::Value* ocl_s_mad_hi(OpenCLCall& call) { return call.b.CreateAdd(high_half(call, true), call[2]); }
llvm::Value* ocl_u_mad_hi(OpenCLCall& call) { return call.b.CreateAdd(high_half(call, false), call[2]); }
llvm::Value* ocl_s_mad_sat(OpenCLCall& call) { return saturated_multiply_add(call, true); }
llvm::Value* ocl_u_mad_sat(OpenCLCall& call) { return saturated_multiply_add(call, false); }
llvm::Value* ocl_u_upsample(OpenCLCall& call) { return joined(call, false); }
llvm::Value* ocl_s_upsample(OpenCLCall& call) { return joined(call, true); }

llvm::Value* ocl_rotate(OpenCLCall& call) {
  return call.b.CreateIntrinsic(llvm::Intrinsic::fshl, {call.type}, {call[0], call[0], call[1]});
}

// The upper 8 bits of the factors must be clear or copies of the sign, so the whole product is the same.
llvm::Value* ocl_mul24(OpenCLCall& call) { return call.b.CreateMul(call[0], call[1]); }
llvm::Value* ocl_mad24(OpenCLCall& call) { return call.b.CreateAdd(call.b.CreateMul(call[0], call[1]), call[2]); }

}  // namespace metate::ze_software::spirv
