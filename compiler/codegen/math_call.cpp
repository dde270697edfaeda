#include "compiler/codegen/math_call.h"

#include "compiler/codegen/function_lowering.h"

namespace metate::codegen {

llvm::Value* portable_math_call(FunctionLowering& lowering, std::string_view function,
                                std::span<llvm::Value* const> operands) {
  llvm::IRBuilder<>& builder = lowering.builder();
  if (operands[0]->getType()->isHalfTy()) {
    Leaves wide;
    for (llvm::Value* operand : operands)
      wide.push_back(operand->getType()->isHalfTy() ? builder.CreateFPExt(operand, builder.getFloatTy()) : operand);
    llvm::Value* result = portable_math_call(lowering, function, std::span(wide.data(), wide.size()));
    return builder.CreateFPTrunc(result, builder.getHalfTy());
  }
  llvm::Type* type = operands[0]->getType();
  METATE_ASSERT(type->isFloatTy() || type->isDoubleTy());
  llvm::SmallVector<llvm::Type*, 3> parameters;
  for (llvm::Value* operand : operands) parameters.push_back(operand->getType());
  std::string name = "metate." + std::string(function) + (type->isFloatTy() ? ".f32" : ".f64");
  llvm::FunctionCallee callee =
      lowering.module().module().getOrInsertFunction(name, llvm::FunctionType::get(type, parameters, false));
  auto* declaration = llvm::cast<llvm::Function>(callee.getCallee());
  declaration->setDoesNotAccessMemory();
  declaration->setDoesNotThrow();
  declaration->setWillReturn();
  return builder.CreateCall(callee, llvm::ArrayRef(operands.data(), operands.size()));
}

}  // namespace metate::codegen
