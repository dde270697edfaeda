// clock – kernels that read the time.
#include "runtime/ze_software/kernel_clock.h"
#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {
namespace {

llvm::Value* read_time(Reader& reader) {
  llvm::IRBuilder<>& b = reader.builder();
  auto* type = llvm::FunctionType::get(b.getInt64Ty(), false);
  llvm::FunctionCallee clock = reader.module().getOrInsertFunction(kKernelClockSymbol, type);
  auto* function = llvm::cast<llvm::Function>(clock.getCallee());
  function->setDoesNotThrow();
  function->setWillReturn();
  function->setOnlyAccessesInaccessibleMemory();  // but does: the next reading gives another time
  return b.CreateCall(clock);
}

}  // namespace

/// One clock serves every scope. The result is a number of 64 bits, or its low and its high word.
bool read_clock(Reader& reader, const Instruction& instruction) {
  if (instruction.opcode != spv::Op::OpReadClockKHR) return false;
  llvm::IRBuilder<>& b = reader.builder();
  llvm::Value* time = read_time(reader);
  llvm::Type* type = reader.type(instruction.type);
  if (type->isVectorTy()) {
    llvm::Value* words = llvm::PoisonValue::get(llvm::FixedVectorType::get(b.getInt32Ty(), 2));
    llvm::Value* low = b.CreateInsertElement(words, b.CreateTrunc(time, b.getInt32Ty()), uint64_t{0});
    time = b.CreateInsertElement(low, b.CreateTrunc(b.CreateLShr(time, 32), b.getInt32Ty()), uint64_t{1});
  }
  reader.define(instruction, time);
  return true;
}

}  // namespace metate::ze_software::spirv
