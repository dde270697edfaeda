#include "compiler/codegen/llvm_emitter.h"

#include "compiler/codegen/target_lowering.h"
#include "compiler/ops/complex_formulas.h"

namespace metate::codegen {

using ops::Handle;
using ops::Primitive;
using types::DType;

namespace {

llvm::Value* value(Handle handle) { return static_cast<llvm::Value*>(handle); }

}  // namespace

Handle LlvmEmitter::constant(const types::Scalar& scalar) {
  llvm::Type* type = lowering_.leaf_types().scalar(scalar.dtype);
  if (!is_float(scalar.dtype)) return llvm::ConstantInt::get(type, scalar.bits, false, true);
  // By its bits, so that every nan stays what it is.
  llvm::APInt bits(static_cast<unsigned>(8 * size(scalar.dtype)), scalar.bits);
  return llvm::ConstantFP::get(type, llvm::APFloat(type->getFltSemantics(), bits));
}

Handle LlvmEmitter::emit(Primitive primitive, DType dtype, DType result, std::span<const Handle> operands) {
  llvm::Value* x = value(operands[0]);
  auto intrinsic = [&](llvm::Intrinsic::ID id) { return builder_.CreateUnaryIntrinsic(id, x); };
  switch (primitive) {
    case Primitive::kAdd:
    case Primitive::kSubtract:
    case Primitive::kMultiply:
    case Primitive::kDivide:
    case Primitive::kRemainder:
    case Primitive::kAnd:
    case Primitive::kOr:
    case Primitive::kXor:
    case Primitive::kShiftLeft:
    case Primitive::kShiftRight:
    case Primitive::kEqual:
    case Primitive::kLess:
    case Primitive::kLessEqual:
      return arithmetic(primitive, dtype, x, value(operands[1]));
    case Primitive::kSelect:
      return builder_.CreateSelect(x, value(operands[1]), value(operands[2]));
    case Primitive::kConvert:
      return convert(x, dtype, result);
    case Primitive::kBitcast:
      return builder_.CreateBitCast(x, lowering_.leaf_types().scalar(result));
    case Primitive::kNegate:
      return builder_.CreateFNeg(x);
    case Primitive::kAbsolute:
      return intrinsic(llvm::Intrinsic::fabs);
    case Primitive::kCopySign:
      return builder_.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, x, value(operands[1]));
    case Primitive::kFloor:
      return intrinsic(llvm::Intrinsic::floor);
    case Primitive::kCeil:
      return intrinsic(llvm::Intrinsic::ceil);
    case Primitive::kTruncate:
      return intrinsic(llvm::Intrinsic::trunc);
    case Primitive::kRoundEven:
      // rint and not roundeven: compiled code never changes the rounding mode, and SPIR-V has this one.
      return intrinsic(llvm::Intrinsic::rint);
    case Primitive::kSquareRoot:
      return intrinsic(llvm::Intrinsic::sqrt);
    case Primitive::kFusedMultiplyAdd:
      return builder_.CreateIntrinsic(llvm::Intrinsic::fma, {x->getType()},
                                      {x, value(operands[1]), value(operands[2])});
    case Primitive::kPopulationCount:
      return intrinsic(llvm::Intrinsic::ctpop);
    case Primitive::kLeadingZeros:
      return builder_.CreateBinaryIntrinsic(llvm::Intrinsic::ctlz, x, builder_.getFalse());
  }
  METATE_UNREACHABLE();
}

llvm::Value* LlvmEmitter::arithmetic(Primitive primitive, DType dtype, llvm::Value* x, llvm::Value* y) {
  bool floats = is_float(dtype), is_signed = types::is_signed(dtype);
  switch (primitive) {
    case Primitive::kAdd:
      return floats ? builder_.CreateFAdd(x, y) : builder_.CreateAdd(x, y);
    case Primitive::kSubtract:
      return floats ? builder_.CreateFSub(x, y) : builder_.CreateSub(x, y);
    case Primitive::kMultiply:
      return floats ? builder_.CreateFMul(x, y) : builder_.CreateMul(x, y);
    case Primitive::kDivide:
      return floats ? builder_.CreateFDiv(x, y) : is_signed ? builder_.CreateSDiv(x, y) : builder_.CreateUDiv(x, y);
    case Primitive::kRemainder:
      return is_signed ? builder_.CreateSRem(x, y) : builder_.CreateURem(x, y);
    case Primitive::kAnd:
      return builder_.CreateAnd(x, y);
    case Primitive::kOr:
      return builder_.CreateOr(x, y);
    case Primitive::kXor:
      return builder_.CreateXor(x, y);
    case Primitive::kShiftLeft:
      return builder_.CreateShl(x, y);
    case Primitive::kShiftRight:
      return is_signed ? builder_.CreateAShr(x, y) : builder_.CreateLShr(x, y);
    case Primitive::kEqual:
      return floats ? builder_.CreateFCmpOEQ(x, y) : builder_.CreateICmpEQ(x, y);
    case Primitive::kLess:
      return floats      ? builder_.CreateFCmpOLT(x, y)
             : is_signed ? builder_.CreateICmpSLT(x, y)
                         : builder_.CreateICmpULT(x, y);
    case Primitive::kLessEqual:
      return floats      ? builder_.CreateFCmpOLE(x, y)
             : is_signed ? builder_.CreateICmpSLE(x, y)
                         : builder_.CreateICmpULE(x, y);
    default:
      METATE_UNREACHABLE();
  }
}

/// The pairs that ops/emitter.h lists. A float that does not fit, and nan, become the least integer, as x86 converts.
llvm::Value* LlvmEmitter::convert(llvm::Value* x, DType from, DType to) {
  llvm::Type* target = lowering_.leaf_types().scalar(to);
  if (is_float(from) && is_float(to)) return builder_.CreateFPCast(x, target);
  if (is_float(to)) return types::is_signed(from) ? builder_.CreateSIToFP(x, target) : builder_.CreateUIToFP(x, target);
  if (!is_float(from)) return builder_.CreateIntCast(x, target, types::is_signed(from));

  unsigned bits = target->getIntegerBitWidth();
  double limit = bits == 32 ? 0x1p31 : 0x1p63;
  // Below the least int32 a double may still truncate to it: -2147483648.9 does. Nothing else has such values.
  bool has_fractions_below = bits == 32 && x->getType()->isDoubleTy();
  llvm::Value* above = has_fractions_below ? builder_.CreateFCmpOGT(x, llvm::ConstantFP::get(x->getType(), -limit - 1))
                                           : builder_.CreateFCmpOGE(x, llvm::ConstantFP::get(x->getType(), -limit));
  llvm::Value* below = builder_.CreateFCmpOLT(x, llvm::ConstantFP::get(x->getType(), limit));
  llvm::Value* least = llvm::ConstantInt::get(target, llvm::APInt::getSignedMinValue(bits));
  return builder_.CreateSelect(builder_.CreateAnd(above, below), builder_.CreateFPToSI(x, target), least);
}

Handle LlvmEmitter::call(ops::Math function, DType, std::span<const Handle> operands) {
  llvm::SmallVector<llvm::Value*, 3> values;
  for (Handle operand : operands) values.push_back(value(operand));
  return lowering_.module().target().math_call(lowering_, name(function), std::span(values.data(), values.size()));
}

ops::ComplexHandle LlvmEmitter::call(ops::ComplexMath function, DType dtype, std::span<const Handle> operands) {
  if (lowering_.module().target().has_complex_functions()) return call_complex(function, dtype, operands);
  llvm::SmallVector<ops::Term, 2> terms;
  for (size_t i = 0; i < operands.size(); i += 2)
    terms.push_back({this, types::complex_of(dtype), operands[i], operands[i + 1]});
  ops::Term result = ops::complex_formula(function, std::span(terms.data(), terms.size()));
  return {result.handle, result.imaginary_handle};
}

/// metate_complex_<name>_<dtype>(operands, result) on memory of the frame: at once, parts in turn.
ops::ComplexHandle LlvmEmitter::call_complex(ops::ComplexMath function, DType dtype, std::span<const Handle> operands) {
  llvm::Type* part = lowering_.leaf_types().scalar(dtype);
  auto count = static_cast<unsigned>(operands.size());
  llvm::Value* memory = lowering_.frame_slots(count + 2);
  auto address = [&](unsigned index) { return builder_.CreateConstInBoundsGEP1_64(part, memory, index); };
  for (unsigned i = 0; i < count; ++i) builder_.CreateStore(value(operands[i]), address(i));
  std::string symbol = "metate_complex_" + std::string(name(function)) + (part->isFloatTy() ? "_f32" : "_f64");
  auto* type = llvm::FunctionType::get(builder_.getVoidTy(), {builder_.getPtrTy(), builder_.getPtrTy()}, false);
  llvm::FunctionCallee callee = lowering_.module().module().getOrInsertFunction(symbol, type);
  llvm::cast<llvm::Function>(callee.getCallee())->setDoesNotThrow();
  builder_.CreateCall(callee, {memory, address(count)});
  return {builder_.CreateLoad(part, address(count)), builder_.CreateLoad(part, address(count + 1))};
}

void LlvmEmitter::loop(std::span<Handle> state, std::span<const DType> dtypes, const LoopCondition& condition,
                       const LoopStep& step) {
  llvm::BasicBlock* before = builder_.GetInsertBlock();
  llvm::BasicBlock* header = lowering_.new_block();
  llvm::BasicBlock* body = lowering_.new_block();
  llvm::BasicBlock* exit = lowering_.new_block();
  builder_.CreateBr(header);
  builder_.SetInsertPoint(header);
  llvm::SmallVector<llvm::PHINode*, 4> phis;
  for (size_t i = 0; i < state.size(); ++i) {
    phis.push_back(builder_.CreatePHI(lowering_.leaf_types().scalar(dtypes[i]), 2));
    phis.back()->addIncoming(value(state[i]), before);
    state[i] = phis.back();
  }
  llvm::Value* go_on = value(condition(state));
  builder_.CreateCondBr(go_on, body, exit);

  builder_.SetInsertPoint(body);
  llvm::SmallVector<Handle, 4> next(phis.begin(), phis.end());
  step(std::span(next.data(), next.size()));
  for (size_t i = 0; i < next.size(); ++i) phis[i]->addIncoming(value(next[i]), builder_.GetInsertBlock());
  builder_.CreateBr(header);
  builder_.SetInsertPoint(exit);
}

}  // namespace metate::codegen
