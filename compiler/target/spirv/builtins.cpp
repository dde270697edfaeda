#include "compiler/target/spirv/builtins.h"

#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>

#include <string>

#include "compiler/codegen/function_lowering.h"

namespace metate::target::spirv {
namespace {

char mangled_type(llvm::Type* type) { return type->isFloatTy() ? 'f' : type->isDoubleTy() ? 'd' : 'i'; }

}  // namespace

void bind_builtins(llvm::Module& module) {
  for (llvm::Function& function : module) {
    llvm::StringRef name = function.getName();
    if (!function.isDeclaration() || !name.consume_front("metate.")) continue;
    std::string builtin = name.split('.').first.str();
    std::string mangled = "_Z" + std::to_string(builtin.size()) + builtin;
    for (llvm::Argument& argument : function.args()) mangled += mangled_type(argument.getType());
    function.setName(mangled);
    function.setCallingConv(llvm::CallingConv::SPIR_FUNC);
    for (llvm::User* user : function.users())
      if (auto* call = llvm::dyn_cast<llvm::CallInst>(user)) call->setCallingConv(llvm::CallingConv::SPIR_FUNC);
  }
}

llvm::CallInst* call_builtin(codegen::FunctionLowering& lowering, llvm::StringRef name, llvm::Type* result,
                             llvm::ArrayRef<llvm::Value*> arguments) {
  llvm::SmallVector<llvm::Type*, 6> types;
  for (llvm::Value* argument : arguments) types.push_back(argument->getType());
  auto* type = llvm::FunctionType::get(result, types, false);
  llvm::FunctionCallee callee = lowering.module().module().getOrInsertFunction(name, type);
  auto* declaration = llvm::cast<llvm::Function>(callee.getCallee());
  declaration->setCallingConv(llvm::CallingConv::SPIR_FUNC);
  declaration->setDoesNotThrow();
  llvm::CallInst* call = lowering.builder().CreateCall(callee, arguments);
  call->setCallingConv(llvm::CallingConv::SPIR_FUNC);
  return call;
}

llvm::CallInst* call_convergent_builtin(codegen::FunctionLowering& lowering, llvm::StringRef name, llvm::Type* result,
                                        llvm::ArrayRef<llvm::Value*> arguments) {
  llvm::CallInst* call = call_builtin(lowering, name, result, arguments);
  call->setConvergent();
  call->getCalledFunction()->setConvergent();
  return call;
}

uint32_t spirv_scope(ir::MemoryScope scope) {
  switch (scope) {
    case ir::MemoryScope::kWorkItem:
      return 4;  // Invocation
    case ir::MemoryScope::kSubGroup:
      return 3;
    case ir::MemoryScope::kWorkGroup:
      return 2;
    case ir::MemoryScope::kDevice:
      return 1;
    case ir::MemoryScope::kSystem:
      return 0;  // CrossDevice
  }
  METATE_UNREACHABLE();
}

}  // namespace metate::target::spirv
