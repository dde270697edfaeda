// opencl_half – loads and stores that keep floats in 16 bits of memory.
#include "runtime/ze_software/spirv/opencl.h"
#include "runtime/ze_software/spirv/rounding.h"

namespace metate::ze_software::spirv {
namespace {

/// How vectors of 16-bit floats lie in memory: each behind the other, or with three aligned like four.
enum class Spacing : uint8_t { kPacked, kAligned };

uint64_t lanes(const llvm::Type* type) {
  auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(type);
  return vector ? vector->getNumElements() : 1;
}

llvm::Value* address(OpenCLCall& call, llvm::Value* offset, llvm::Value* base, const llvm::Type* type,
                     Spacing spacing) {
  const uint64_t count = spacing == Spacing::kAligned && lanes(type) == 3 ? 4 : lanes(type);
  llvm::Value* first = call.b.CreateMul(offset, llvm::ConstantInt::get(offset->getType(), count));
  return call.b.CreateGEP(call.b.getHalfTy(), base, first);
}

llvm::Align alignment(const llvm::Type* type, Spacing spacing) {
  if (spacing == Spacing::kPacked) return llvm::Align(2);
  return llvm::Align(2 * (lanes(type) == 3 ? 4 : lanes(type)));
}

/// Operands: offset, address.
llvm::Value* load(OpenCLCall& call, Spacing spacing) {
  llvm::Type* half = call.type->getWithNewType(call.b.getHalfTy());
  llvm::Value* from = address(call, call[0], call[1], call.type, spacing);
  llvm::Value* loaded = call.b.CreateAlignedLoad(half, from, alignment(half, spacing));
  return float_to_float(call.b, loaded, call.type, spv::FPRoundingMode::RTE);
}

/// Operands: value, offset, address, and the rounding mode as a literal if there is one.
llvm::Value* store(OpenCLCall& call, Spacing spacing) {
  const auto mode =
      call.operands.size() > 3 ? static_cast<spv::FPRoundingMode>(call.operands[3]) : spv::FPRoundingMode::RTE;
  llvm::Type* half = call[0]->getType()->getWithNewType(call.b.getHalfTy());
  llvm::Value* to = address(call, call[1], call[2], half, spacing);
  return call.b.CreateAlignedStore(float_to_float(call.b, call[0], half, mode), to, alignment(half, spacing));
}

}  // namespace

llvm::Value* ocl_vload_half(OpenCLCall& call) { return load(call, Spacing::kPacked); }
llvm::Value* ocl_vloada_half(OpenCLCall& call) { return load(call, Spacing::kAligned); }
llvm::Value* ocl_vstore_half(OpenCLCall& call) { return store(call, Spacing::kPacked); }
llvm::Value* ocl_vstorea_half(OpenCLCall& call) { return store(call, Spacing::kAligned); }

}  // namespace metate::ze_software::spirv
