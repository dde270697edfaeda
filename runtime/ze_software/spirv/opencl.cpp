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
  if (auto* function = llvm::dyn_cast<llvm::Function>(callee.getCallee())) {
    // So that the passes that come before the names are bound see it.
    function->setDoesNotThrow();
    function->setDoesNotAccessMemory();
    function->setWillReturn();
    function->setSpeculatable();
  }
  return call.b.CreateCall(callee, arguments);
}

llvm::Value* call_intrinsic(OpenCLCall& call, llvm::Intrinsic::ID id) {
  return call.b.CreateIntrinsic(id, {call[0]->getType()}, call.arguments);
}

/// Literals at the end are no ids: the length of vloadn, the mode of rounding stores.
size_t literal_count(uint32_t function) {
  switch (function) {
    case OpenCLLIB::Vloadn:
    case OpenCLLIB::Vload_halfn:
    case OpenCLLIB::Vloada_halfn:
    case OpenCLLIB::Vstore_half_r:
    case OpenCLLIB::Vstore_halfn_r:
    case OpenCLLIB::Vstorea_halfn_r:
      return 1;
    default:
      return 0;
  }
}

/// The letters of a row; null for a function that OpenCL.std does not have.
const char* types_of(uint32_t function) {
  switch (function) {
#define OCL_MATH(name, row, types) \
  case OpenCLLIB::name:            \
    return types;
#define OCL_INTRINSIC(name, intrinsic, types) OCL_MATH(name, , types)
#define OCL_FUNCTION(name, function, types) OCL_MATH(name, , types)
#include "runtime/ze_software/spirv/opencl.def"
#undef OCL_MATH
#undef OCL_INTRINSIC
#undef OCL_FUNCTION
    default:
      return nullptr;
  }
}

llvm::Value* dispatch(OpenCLCall& call, uint32_t function) {
  switch (function) {
#define OCL_MATH(name, row, types) \
  case OpenCLLIB::name:            \
    return call.arguments.size() == 1 ? call.math(#row, {call[0]}) : call.math(#row, {call[0], call[1]});
#define OCL_INTRINSIC(name, intrinsic, types) \
  case OpenCLLIB::name:                       \
    return call_intrinsic(call, llvm::Intrinsic::intrinsic);
#define OCL_FUNCTION(name, function, types) \
  case OpenCLLIB::name:                     \
    return ocl_##function(call);
#include "runtime/ze_software/spirv/opencl.def"
#undef OCL_MATH
#undef OCL_INTRINSIC
#undef OCL_FUNCTION
    default:
      return nullptr;
  }
}

bool is_half(const llvm::Type* type) { return type->getScalarType()->isHalfTy(); }

/// Functions on 16 bits are computed in 32, or in the 64 that an fma needs to be rounded as if once; but for those that
/// work on the bits of a number or must see where it ends.
bool is_computed_wider(const OpenCLCall& call, uint32_t function) {
  if (function == OpenCLLIB::Nan || function == OpenCLLIB::Nextafter || function == OpenCLLIB::Fract) return false;
  const std::string_view types = types_of(function);
  return types.find('f') != types.npos &&
         (is_half(call.type) || (!call.arguments.empty() && is_half(call[0]->getType())));
}

llvm::Value* compute_wider(OpenCLCall& call, uint32_t function) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Type* const type = call.type;
  llvm::Type* const stored = call.arguments.empty() ? type : call[0]->getType();
  OpenCLCall wider = call;
  const bool adds_product = function == OpenCLLIB::Fma || function == OpenCLLIB::Mad;
  llvm::Type* const element = adds_product ? b.getDoubleTy() : b.getFloatTy();
  auto widened = [&](llvm::Type* half) { return is_half(half) ? half->getWithNewType(element) : half; };
  wider.type = widened(type);
  for (llvm::Value*& argument : wider.arguments) {
    if (is_half(argument->getType())) argument = b.CreateFPExt(argument, widened(argument->getType()));
  }
  // A second result goes through memory; it is a float where the letters have 'p' but for the integer ones.
  const bool stores_float = function == OpenCLLIB::Modf || function == OpenCLLIB::Sincos;
  llvm::AllocaInst* memory = nullptr;
  if (stores_float) wider.arguments[1] = memory = call.reader.private_variable(widened(stored));
  llvm::Value* result = dispatch(wider, function);
  if (stores_float) b.CreateStore(b.CreateFPTrunc(b.CreateLoad(widened(stored), memory), stored), call[1]);
  return result && is_half(type) ? b.CreateFPTrunc(result, type) : result;
}

}  // namespace

llvm::Value* OpenCLCall::math(const char* row, std::initializer_list<llvm::Value*> values) const {
  llvm::Type* first = (*values.begin())->getType();
  if (!first->getScalarType()->isFloatTy() && !first->getScalarType()->isDoubleTy()) {
    reader.lack(std::string(row) + " is there for 32- and 64-bit floats only");
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
  const char* types = types_of(function);
  if (!types || !types_fit(call, types)) {
    reader.fail("function " + std::to_string(function) + " of OpenCL.std has no such arguments");
    return true;
  }
  reader.define(instruction,
                is_computed_wider(call, function) ? compute_wider(call, function) : dispatch(call, function));
  return true;
}

}  // namespace metate::ze_software::spirv
