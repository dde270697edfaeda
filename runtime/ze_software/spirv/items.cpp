#include "runtime/ze_software/spirv/items.h"

#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Module.h>

namespace metate::ze_software::spirv {
namespace {

llvm::Function* declare(llvm::Module& module, const char* name, llvm::Type* result,
                        llvm::ArrayRef<llvm::Type*> parameters, bool pure) {
  if (llvm::Function* known = module.getFunction(name)) return known;
  auto* type = llvm::FunctionType::get(result, parameters, false);
  auto* function = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, name, module);
  function->setDoesNotThrow();
  if (pure) {
    function->setDoesNotAccessMemory();
    function->setWillReturn();
    function->addFnAttr(llvm::Attribute::Speculatable);
  } else {
    // Neither copied nor moved into a condition: every item must come to the same barrier.
    function->setConvergent();
    function->addFnAttr(llvm::Attribute::NoDuplicate);
  }
  return function;
}

}  // namespace

llvm::Function* item_query(llvm::Module& module) {
  auto* i32 = llvm::Type::getInt32Ty(module.getContext());
  return declare(module, kItemQuery, llvm::Type::getInt64Ty(module.getContext()), {i32, i32}, true);
}

llvm::Function* local_variable(llvm::Module& module) {
  auto* i32 = llvm::Type::getInt32Ty(module.getContext());
  return declare(module, kLocalVariable, llvm::PointerType::getUnqual(module.getContext()), {i32}, true);
}

llvm::Function* work_group_barrier(llvm::Module& module) {
  return declare(module, kWorkGroupBarrier, llvm::Type::getVoidTy(module.getContext()), {}, false);
}

}  // namespace metate::ze_software::spirv
