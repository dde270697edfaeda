// opencl_common – OpenCL's common, geometric, relational and memory functions.
#include <llvm/IR/Intrinsics.h>

#include <numbers>

#include "runtime/ze_software/spirv/opencl.h"

namespace metate::ze_software::spirv {
namespace {

unsigned lane_count(llvm::Value* value) {
  auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(value->getType());
  return vector ? vector->getNumElements() : 1;
}

llvm::Value* lane(OpenCLCall& call, llvm::Value* value, unsigned index) {
  return value->getType()->isVectorTy() ? call.b.CreateExtractElement(value, uint64_t{index}) : value;
}

llvm::Value* root_of_squares(OpenCLCall& call, llvm::Value* vector) {
  llvm::Value* sum = nullptr;
  for (unsigned i = 0; i < lane_count(vector); ++i) {
    llvm::Value* x = lane(call, vector, i);
    llvm::Value* square = call.b.CreateFMul(x, x);
    sum = sum ? call.b.CreateFAdd(sum, square) : square;
  }
  return call.unary(llvm::Intrinsic::sqrt, sum);
}

llvm::Value* times(OpenCLCall& call, llvm::Value* vector, llvm::Value* factor) {
  const unsigned size = lane_count(vector);
  return call.b.CreateFMul(vector, vector->getType()->isVectorTy() ? call.b.CreateVectorSplat(size, factor) : factor);
}

/// A power of two, 1 for ordinary vectors, by which no square of the vector overflows or vanishes.
llvm::Value* safe_scale(OpenCLCall& call, llvm::Value* vector) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* size = call.unary(llvm::Intrinsic::fabs, vector);
  llvm::Value* largest = size->getType()->isVectorTy() ? b.CreateFPMaxReduce(size) : size;
  auto real = [&](double value) { return llvm::ConstantFP::get(largest->getType(), value); };
  llvm::Value* scale = b.CreateSelect(b.CreateFCmpOLT(largest, real(0x1p-450)), real(0x1p600), real(1));
  return b.CreateSelect(b.CreateFCmpOGT(largest, real(0x1p450)), real(0x1p-600), scale);
}

/// OpenCL asks for lengths without overflow on the way.
llvm::Value* length_of(OpenCLCall& call, llvm::Value* vector) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Type* type = vector->getType();
  if (!type->getScalarType()->isDoubleTy()) {
    llvm::Value* wide = b.CreateFPExt(vector, type->getWithNewType(b.getDoubleTy()));
    return b.CreateFPTrunc(root_of_squares(call, wide), type->getScalarType());
  }
  llvm::Value* scale = safe_scale(call, vector);
  return b.CreateFDiv(root_of_squares(call, times(call, vector, scale)), scale);
}

/// vloadn and vstoren address whole vectors, but those need to be aligned like their elements only.
llvm::Value* vector_address(OpenCLCall& call, llvm::Value* offset, llvm::Value* base, llvm::FixedVectorType* type) {
  llvm::Value* first = call.b.CreateMul(offset, llvm::ConstantInt::get(offset->getType(), type->getNumElements()));
  return call.b.CreateGEP(type->getElementType(), base, first);
}

llvm::Align element_alignment(OpenCLCall& call, llvm::FixedVectorType* type) {
  return call.reader.layout().getABITypeAlign(type->getElementType());
}

/// Picks elements of one or two vectors by the low bits of a mask's lanes.
llvm::Value* pick(OpenCLCall& call, llvm::ArrayRef<llvm::Value*> sources, llvm::Value* mask) {
  llvm::IRBuilder<>& b = call.b;
  const unsigned size = lane_count(sources[0]);
  llvm::Value* all = sources[0];
  if (sources.size() > 1) {
    llvm::SmallVector<int, 32> order;
    for (unsigned i = 0; i < 2 * size; ++i) order.push_back(static_cast<int>(i));
    all = b.CreateShuffleVector(sources[0], sources[1], order);
  }
  const uint64_t last = lane_count(all) - 1;
  llvm::Value* result = llvm::PoisonValue::get(call.type);
  for (unsigned i = 0; i < lane_count(mask); ++i) {
    llvm::Value* index = b.CreateAnd(lane(call, mask, i), last);
    result = b.CreateInsertElement(result, b.CreateExtractElement(all, index), uint64_t{i});
  }
  return result;
}

}  // namespace

llvm::Value* ocl_fclamp(OpenCLCall& call) {
  llvm::Value* raised = call.b.CreateBinaryIntrinsic(llvm::Intrinsic::maxnum, call[0], call[1]);
  return call.b.CreateBinaryIntrinsic(llvm::Intrinsic::minnum, raised, call[2]);
}

llvm::Value* ocl_degrees(OpenCLCall& call) { return call.b.CreateFMul(call[0], call.real(180 * std::numbers::inv_pi)); }

llvm::Value* ocl_radians(OpenCLCall& call) { return call.b.CreateFMul(call[0], call.real(std::numbers::pi / 180)); }

llvm::Value* ocl_mix(OpenCLCall& call) {
  return call.b.CreateFAdd(call[0], call.b.CreateFMul(call.b.CreateFSub(call[1], call[0]), call[2]));
}

llvm::Value* ocl_step(OpenCLCall& call) {
  return call.b.CreateSelect(call.b.CreateFCmpOLT(call[1], call[0]), call.real(0), call.real(1));
}

llvm::Value* ocl_smoothstep(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Value* t = b.CreateFDiv(b.CreateFSub(call[2], call[0]), b.CreateFSub(call[1], call[0]));
  t = b.CreateBinaryIntrinsic(llvm::Intrinsic::maxnum, t, call.real(0));
  t = b.CreateBinaryIntrinsic(llvm::Intrinsic::minnum, t, call.real(1));
  return b.CreateFMul(b.CreateFMul(t, t), b.CreateFSub(call.real(3), b.CreateFMul(call.real(2), t)));
}

llvm::Value* ocl_sign(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  // ±1 for numbers; ±0 stays, and NaN becomes 0.
  llvm::Value* one = b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, call.real(1), call[0]);
  llvm::Value* result = b.CreateSelect(b.CreateFCmpOEQ(call[0], call.real(0)), call[0], one);
  return b.CreateSelect(b.CreateFCmpUNO(call[0], call[0]), call.real(0), result);
}

llvm::Value* ocl_cross(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  if (lane_count(call[0]) < 3) {
    call.reader.fail("cross is a product of vectors of 3 or 4 elements");
    return nullptr;
  }
  llvm::Value* result = llvm::Constant::getNullValue(call.type);  // a fourth lane is 0
  for (unsigned i = 0; i < 3; ++i) {
    const unsigned j = (i + 1) % 3, k = (i + 2) % 3;
    llvm::Value* left = b.CreateFMul(lane(call, call[0], j), lane(call, call[1], k));
    llvm::Value* right = b.CreateFMul(lane(call, call[0], k), lane(call, call[1], j));
    result = b.CreateInsertElement(result, b.CreateFSub(left, right), uint64_t{i});
  }
  return result;
}

llvm::Value* ocl_length(OpenCLCall& call) { return length_of(call, call[0]); }

llvm::Value* ocl_distance(OpenCLCall& call) { return length_of(call, call.b.CreateFSub(call[0], call[1])); }

llvm::Value* ocl_normalize(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Type* wide = call.type->getWithNewType(b.getDoubleTy());
  llvm::Value* vector = call.type == wide ? call[0] : b.CreateFPExt(call[0], wide);
  // Beside infinities all other elements count as nothing, but NaNs stay.
  llvm::Value* infinite = b.createIsFPClass(vector, llvm::fcInf);
  llvm::Value* one = b.CreateBinaryIntrinsic(llvm::Intrinsic::copysign, llvm::ConstantFP::get(wide, 1), vector);
  llvm::Value* nothing = b.CreateFMul(vector, llvm::Constant::getNullValue(wide));
  llvm::Value* any_infinite = wide->isVectorTy() ? b.CreateOrReduce(infinite) : infinite;
  vector = b.CreateSelect(any_infinite, b.CreateSelect(infinite, one, nothing), vector);
  vector = times(call, vector, safe_scale(call, vector));
  llvm::Value* length = root_of_squares(call, vector);
  // The null vector stays.
  llvm::Value* divisor = b.CreateSelect(b.CreateFCmpOEQ(length, llvm::ConstantFP::get(length->getType(), 0)),
                                        llvm::ConstantFP::get(length->getType(), 1), length);
  const unsigned size = lane_count(vector);
  return b.CreateFPCast(b.CreateFDiv(vector, wide->isVectorTy() ? b.CreateVectorSplat(size, divisor) : divisor),
                        call.type);
}

llvm::Value* ocl_bitselect(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Type* bits = call.type->getWithNewType(b.getIntNTy(call.type->getScalarSizeInBits()));
  llvm::Value* mask = b.CreateBitCast(call[2], bits);
  llvm::Value* first = b.CreateAnd(b.CreateBitCast(call[0], bits), b.CreateNot(mask));
  llvm::Value* second = b.CreateAnd(b.CreateBitCast(call[1], bits), mask);
  return b.CreateBitCast(b.CreateOr(first, second), call.type);
}

llvm::Value* ocl_select(OpenCLCall& call) {
  // A scalar choice asks whether it is zero, a vector one for the top bit of each lane.
  llvm::Constant* zero = llvm::Constant::getNullValue(call[2]->getType());
  llvm::Value* second =
      call.type->isVectorTy() ? call.b.CreateICmpSLT(call[2], zero) : call.b.CreateICmpNE(call[2], zero);
  return call.b.CreateSelect(second, call[1], call[0]);
}

llvm::Value* ocl_vloadn(OpenCLCall& call) {
  auto* type = llvm::cast<llvm::FixedVectorType>(call.type);
  return call.b.CreateAlignedLoad(type, vector_address(call, call[0], call[1], type), element_alignment(call, type));
}

llvm::Value* ocl_vstoren(OpenCLCall& call) {
  auto* type = llvm::cast<llvm::FixedVectorType>(call[0]->getType());
  return call.b.CreateAlignedStore(call[0], vector_address(call, call[1], call[2], type),
                                   element_alignment(call, type));
}

llvm::Value* ocl_shuffle(OpenCLCall& call) { return pick(call, {call[0]}, call[1]); }

llvm::Value* ocl_shuffle2(OpenCLCall& call) { return pick(call, {call[0], call[1]}, call[2]); }

llvm::Value* ocl_prefetch(OpenCLCall& call) { return nullptr; }  // a hint

}  // namespace metate::ze_software::spirv
