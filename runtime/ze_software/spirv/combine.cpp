#include "runtime/ze_software/spirv/combine.h"

namespace metate::ze_software::spirv {
namespace {

/// Of nan and a number the number stays, as C's fmin says.
llvm::Value* better(llvm::IRBuilder<>& b, llvm::CmpInst::Predicate wins, llvm::Value* left, llvm::Value* right) {
  llvm::Value* is_nan = b.CreateFCmpUNO(left, left);
  return b.CreateSelect(b.CreateOr(b.CreateFCmp(wins, right, left), is_nan), right, left);
}

}  // namespace

llvm::Value* combined(llvm::IRBuilder<>& b, Combine combine, llvm::Value* left, llvm::Value* right) {
  switch (combine) {
    case Combine::kIAdd:
      return b.CreateAdd(left, right);
    case Combine::kFAdd:
      return b.CreateFAdd(left, right);
    case Combine::kIMul:
      return b.CreateMul(left, right);
    case Combine::kFMul:
      return b.CreateFMul(left, right);
    case Combine::kSMin:
      return b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, left, right);
    case Combine::kUMin:
      return b.CreateBinaryIntrinsic(llvm::Intrinsic::umin, left, right);
    case Combine::kFMin:
      return better(b, llvm::CmpInst::FCMP_OLT, left, right);
    case Combine::kSMax:
      return b.CreateBinaryIntrinsic(llvm::Intrinsic::smax, left, right);
    case Combine::kUMax:
      return b.CreateBinaryIntrinsic(llvm::Intrinsic::umax, left, right);
    case Combine::kFMax:
      return better(b, llvm::CmpInst::FCMP_OGT, left, right);
    case Combine::kAnd:
      return b.CreateAnd(left, right);
    case Combine::kOr:
      return b.CreateOr(left, right);
    case Combine::kXor:
      return b.CreateXor(left, right);
  }
  return nullptr;
}

}  // namespace metate::ze_software::spirv
