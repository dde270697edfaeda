// function_pointer – addresses of functions, and calls by them
// (SPV_INTEL_function_pointers).
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {

bool read_function_pointer(Reader& reader, const Instruction& instruction) {
  if (instruction.opcode != spv::Op::OpFunctionPointerCallINTEL) return false;
  llvm::Value* callee = reader.value(instruction.operands[0]);
  if (!callee->getType()->isPointerTy()) {
    reader.fail("a call by what is no pointer");
    return true;
  }
  std::vector<llvm::Value*> arguments;
  std::vector<llvm::Type*> types;
  for (uint32_t id : instruction.operands.subspan(1)) {
    arguments.push_back(reader.value(id));
    types.push_back(arguments.back()->getType());
  }
  llvm::Type* result = reader.type(instruction.type);
  if (!result->isVoidTy()) result = reader.value_type(instruction.type);
  if (reader.failed()) return true;
  llvm::CallInst* call = reader.builder().CreateCall(llvm::FunctionType::get(result, types, false), callee, arguments);
  call->setDoesNotThrow();
  reader.define(instruction, call);
  return true;
}

}  // namespace metate::ze_software::spirv
