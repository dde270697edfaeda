// opencl_printf – printf from kernels: the arguments are put into slots that kernel_printf.h reads.
#include "runtime/ze_software/kernel_printf.h"
#include "runtime/ze_software/spirv/opencl.h"

namespace metate::ze_software::spirv {
namespace {

/// The 64 bits of one slot.
llvm::Value* slot_of(OpenCLCall& call, llvm::Value* value) {
  llvm::IRBuilder<>& b = call.b;
  llvm::Type* type = value->getType();
  if (type->isPointerTy()) return b.CreatePtrToInt(value, b.getInt64Ty());
  if (type->isIntegerTy()) return b.CreateSExtOrTrunc(value, b.getInt64Ty());
  if (type->isFloatingPointTy()) return b.CreateBitCast(b.CreateFPCast(value, b.getDoubleTy()), b.getInt64Ty());
  call.reader.fail("printf has an argument that is no number, text or vector");
  return b.getInt64(0);
}

}  // namespace

llvm::Value* ocl_printf(OpenCLCall& call) {
  llvm::IRBuilder<>& b = call.b;
  std::vector<llvm::Value*> slots;
  for (llvm::Value* argument : llvm::ArrayRef(call.arguments).drop_front()) {
    auto* vector = llvm::dyn_cast<llvm::FixedVectorType>(argument->getType());
    if (!vector) slots.push_back(slot_of(call, argument));
    for (uint64_t i = 0; vector && i < vector->getNumElements(); ++i) {
      slots.push_back(slot_of(call, b.CreateExtractElement(argument, i)));
    }
  }
  if (call.reader.failed()) return nullptr;
  llvm::Value* memory = call.reader.private_variable(llvm::ArrayType::get(b.getInt64Ty(), slots.size()));
  for (uint64_t i = 0; i < slots.size(); ++i) {
    b.CreateStore(slots[i], b.CreateConstInBoundsGEP1_64(b.getInt64Ty(), memory, i));
  }
  llvm::Type* parameters[] = {b.getPtrTy(), b.getPtrTy(), b.getInt32Ty()};
  auto print = call.reader.module().getOrInsertFunction(kKernelPrintfSymbol,
                                                        llvm::FunctionType::get(b.getInt32Ty(), parameters, false));
  return b.CreateCall(print, {call[0], memory, b.getInt32(static_cast<uint32_t>(slots.size()))});
}

}  // namespace metate::ze_software::spirv
