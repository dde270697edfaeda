// scalars – constants, conversions, tuples.
#include "compiler/codegen/function_lowering.h"

namespace metate::codegen {

using types::Constant;
using types::ConstantKind;
using types::DType;
using types::Kind;
using types::Type;
using types::TypeKind;

void FunctionLowering::append_constant(types::ConstantId id, Leaves& out) {
  const Constant& constant = module_.universe().constants[id];
  types::TypeId type = module_.universe().type_of(id);
  const Type& data = module_.universe().types[type];
  if (data.kind == TypeKind::kTuple) {
    for (types::ConstantId element : constant.elements) append_constant(element, out);
    return;
  }
  if (data.kind != TypeKind::kScalar) return;  // nothing at run time
  llvm::Type* scalar = leaf_types().scalar(data.dtype);
  if (is_complex(data.dtype)) {
    out.push_back(llvm::ConstantFP::get(scalar, constant.number.real()));
    out.push_back(llvm::ConstantFP::get(scalar, constant.number.imag()));
  } else if (is_float(data.dtype)) {
    out.push_back(llvm::ConstantFP::get(scalar, constant.number.real()));
  } else {
    out.push_back(llvm::ConstantInt::get(scalar, static_cast<uint64_t>(constant.integer), false, true));
  }
}

void FunctionLowering::lower_const(ir::Inst inst) {
  Leaves leaves;
  append_constant(types::ConstantId(ir_.inst(inst).imm), leaves);
  set_leaves(ir_.result(inst), std::move(leaves));
}

void FunctionLowering::lower_tuple(ir::Inst inst) {
  Leaves all;
  for (ir::Value operand : ir_.operands(inst)) all.append(leaves(operand).begin(), leaves(operand).end());
  set_leaves(ir_.result(inst), std::move(all));
}

void FunctionLowering::lower_tuple_get(ir::Inst inst) {
  ir::Value tuple = ir_.operands(inst)[0];
  const Type& type = ir_.type_data(tuple);
  unsigned first = 0;
  for (uint32_t i = 0; i < ir_.inst(inst).imm; ++i) first += leaf_types().leaf_count(type.elements[i]);
  unsigned count = leaf_types().leaf_count(type.elements[ir_.inst(inst).imm]);
  set_leaves(ir_.result(inst), Leaves(leaves(tuple).slice(first, count)));
}

namespace {

/// Float to integer as x86 converts (and so NumPy on it): a value out of range, and NaN, give the lowest signed number
/// of the converting width, 32 bits for narrow integers and 64 for the rest.
llvm::Value* float_to_signed(llvm::IRBuilderBase& builder, llvm::Value* number, unsigned bits) {
  if (number->getType()->isHalfTy()) number = builder.CreateFPExt(number, builder.getFloatTy());
  llvm::Type* type = number->getType();
  llvm::Type* target = builder.getIntNTy(bits);
  double limit = bits == 32 ? 0x1p31 : 0x1p63;
  // Below the lowest number a double may still truncate to it: -2147483648.9 does. A float has no such values.
  double below = bits == 32 && type->isDoubleTy() ? -0x1p31 - 1 : -limit;
  llvm::Value* high = builder.CreateFCmpOLT(number, llvm::ConstantFP::get(type, limit));
  llvm::Value* low = below == -limit ? builder.CreateFCmpOGE(number, llvm::ConstantFP::get(type, below))
                                     : builder.CreateFCmpOGT(number, llvm::ConstantFP::get(type, below));
  llvm::Value* lowest = llvm::ConstantInt::get(target, llvm::APInt::getSignedMinValue(bits));
  return builder.CreateSelect(builder.CreateAnd(low, high), builder.CreateFPToSI(number, target), lowest);
}

/// uint64: numbers from 2^63 on are converted with 2^63 taken off first, as compilers do on x86-64 without AVX-512.
llvm::Value* float_to_u64(llvm::IRBuilderBase& builder, llvm::Value* number) {
  if (number->getType()->isHalfTy()) number = builder.CreateFPExt(number, builder.getFloatTy());
  llvm::Value* half = llvm::ConstantFP::get(number->getType(), 0x1p63);
  llvm::Value* large = builder.CreateFCmpOGE(number, half);
  llvm::Value* low = float_to_signed(builder, number, 64);
  llvm::Value* high = builder.CreateXor(float_to_signed(builder, builder.CreateFSub(number, half), 64), builder.getInt64(1ull << 63));
  return builder.CreateSelect(large, high, low);
}

}  // namespace

llvm::Value* FunctionLowering::cast_real(llvm::Value* number, DType from, DType to) {
  if (from == to) return number;
  llvm::Type* target = leaf_types().scalar(to);
  if (to == DType::kBool) {
    return is_float(from) ? builder_.CreateFCmpUNE(number, llvm::Constant::getNullValue(number->getType())) : builder_.CreateIsNotNull(number);
  }
  if (is_float(from) && is_float(to)) return builder_.CreateFPCast(number, target);
  if (is_float(to)) return is_signed(from) ? builder_.CreateSIToFP(number, target) : builder_.CreateUIToFP(number, target);
  if (is_float(from)) {
    if (to == DType::kU64) return float_to_u64(builder_, number);
    bool wide = size(to) == 8 || to == DType::kU32;
    return builder_.CreateTrunc(float_to_signed(builder_, number, wide ? 64 : 32), target);
  }
  return builder_.CreateIntCast(number, target, is_signed(from));
}

void FunctionLowering::lower_cast(ir::Inst inst) {
  ir::Value operand = ir_.operands(inst)[0];
  DType from = ir_.type_data(operand).dtype;
  DType to = ir_.type_data(ir_.result(inst)).dtype;
  llvm::ArrayRef<llvm::Value*> parts = leaves(operand);
  Leaves result;
  if (is_complex(to)) {
    DType part = real_part(to);
    if (is_complex(from)) {
      for (llvm::Value* number : parts) result.push_back(cast_real(number, real_part(from), part));
    } else {
      result = {cast_real(parts[0], from, part), llvm::Constant::getNullValue(leaf_types().scalar(to))};
    }
  } else if (is_complex(from)) {
    llvm::Value* real = cast_real(parts[0], real_part(from), to);
    // bool(z) asks both parts; every other cast drops the imaginary one, as NumPy does.
    result = {to == DType::kBool ? builder_.CreateOr(real, cast_real(parts[1], real_part(from), to)) : real};
  } else {
    result = {cast_real(parts[0], from, to)};
  }
  set_leaves(ir_.result(inst), std::move(result));
}

}  // namespace metate::codegen
