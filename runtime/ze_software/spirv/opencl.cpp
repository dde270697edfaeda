#include "runtime/ze_software/spirv/opencl.h"

#include <llvm/IR/Intrinsics.h>
#include <spirv/unified1/OpenCL.std.h>

#include "runtime/jit/vector_math.h"

namespace metate::ze_software::spirv {
namespace {

llvm::Value* call_scalar(const OpenCLCall& call, const char* row, llvm::ArrayRef<llvm::Value*> arguments) {
  llvm::Type* type = arguments[0]->getType();
  std::vector<llvm::Type*> parameters;
  for (llvm::Value* argument : arguments) parameters.push_back(argument->getType());
  const std::string symbol = jit::math_call_name(row, type->isFloatTy());
  auto callee = call.reader.module().getOrInsertFunction(symbol, llvm::FunctionType::get(type, parameters, false));
  return call.b.CreateCall(callee, arguments);
}

llvm::Value* call_intrinsic(OpenCLCall& call, llvm::Intrinsic::ID id) {
  return call.b.CreateIntrinsic(id, {call[0]->getType()}, call.arguments);
}

/// Literals at the end are no ids: the length of vloadn, the mode of rounding stores.
size_t literal_count(uint32_t function) { return function == OpenCLLIB::Vloadn ? 1 : 0; }

llvm::Value* dispatch(OpenCLCall& call, uint32_t function) {
  switch (function) {
#define OCL_MATH(name, row) \
  case OpenCLLIB::name:     \
    return call.arguments.size() == 1 ? call.math(#row, {call[0]}) : call.math(#row, {call[0], call[1]});
#define OCL_INTRINSIC(name, intrinsic) \
  case OpenCLLIB::name:                \
    return call_intrinsic(call, llvm::Intrinsic::intrinsic);
#define OCL_FUNCTION(name, function) \
  case OpenCLLIB::name:              \
    return ocl_##function(call);
#define OCL_MISSING(name, reason) \
  case OpenCLLIB::name:           \
    call.reader.fail(reason);     \
    return nullptr;
#include "runtime/ze_software/spirv/opencl.def"
#undef OCL_MATH
#undef OCL_INTRINSIC
#undef OCL_FUNCTION
#undef OCL_MISSING
    default:
      call.reader.fail("OpenCL.std has no function " + std::to_string(function));
      return nullptr;
  }
}

}  // namespace

llvm::Value* OpenCLCall::math(const char* row, std::initializer_list<llvm::Value*> values) const {
  llvm::Type* first = (*values.begin())->getType();
  if (!first->getScalarType()->isFloatTy() && !first->getScalarType()->isDoubleTy()) {
    reader.fail(std::string(row) + " is there for 32- and 64-bit floats only");
    return llvm::PoisonValue::get(first);
  }
  auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(first);
  if (!vector) return call_scalar(*this, row, llvm::ArrayRef(values.begin(), values.size()));
  llvm::Value* result = llvm::PoisonValue::get(first);
  for (uint64_t lane = 0; lane < vector->getNumElements(); ++lane) {
    std::vector<llvm::Value*> lanes;
    for (llvm::Value* value : values) lanes.push_back(b.CreateExtractElement(value, lane));
    result = b.CreateInsertElement(result, call_scalar(*this, row, lanes), lane);
  }
  return result;
}

bool read_opencl(Reader& reader, const Instruction& instruction) {
  if (instruction.opcode != spv::Op::OpExtInst) return false;
  if (!reader.is_opencl_import(instruction.operands[0])) return true;  // debug information: nothing to run
  const uint32_t function = instruction.operands[1];
  OpenCLCall call{
      reader, instruction, reader.builder(), reader.type(instruction.type), {}, instruction.operands.subspan(2)};
  const std::span<const uint32_t> ids = call.operands.first(call.operands.size() - literal_count(function));
  for (uint32_t id : ids) call.arguments.push_back(reader.value(id));
  if (reader.failed()) return true;
  if (llvm::Value* result = dispatch(call, function)) reader.define(instruction, result);
  return true;
}

}  // namespace metate::ze_software::spirv
