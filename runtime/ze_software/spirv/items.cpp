#include "runtime/ze_software/spirv/items.h"

#include <llvm/IR/ConstantRange.h>
#include <llvm/IR/DerivedTypes.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>

#include <string>

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
  llvm::Function* query = declare(module, kItemQuery, llvm::Type::getInt64Ty(module.getContext()), {i32, i32}, true);
  // Sizes of launches and offsets have 32 bits each, those of groups fewer.
  constexpr uint64_t kLimit = uint64_t{1} << 44;
  query->addRangeRetAttr(llvm::ConstantRange(llvm::APInt(64, 0), llvm::APInt(64, kLimit)));
  return query;
}

llvm::Function* local_variable(llvm::Module& module) {
  auto* i32 = llvm::Type::getInt32Ty(module.getContext());
  return declare(module, kLocalVariable, llvm::PointerType::getUnqual(module.getContext()), {i32}, true);
}

llvm::Function* barrier(llvm::Module& module, ItemSet set) {
  const char* name = set == ItemSet::kWorkGroup ? kWorkGroupBarrier : kSubGroupBarrier;
  auto* i32 = llvm::Type::getInt32Ty(module.getContext());
  return declare(module, name, llvm::Type::getVoidTy(module.getContext()), {i32}, false);
}

llvm::CallInst* call_barrier(llvm::IRBuilderBase& builder, ItemSet set, uint32_t memory) {
  return builder.CreateCall(barrier(*builder.GetInsertBlock()->getModule(), set), {builder.getInt32(memory)});
}

llvm::Function* meeting(llvm::Module& module, llvm::Type* type) {
  std::string name = kMeetingPrefix;
  llvm::raw_string_ostream(name) << *type;
  auto* i32 = llvm::Type::getInt32Ty(module.getContext());
  return declare(module, name.c_str(), type, {i32, i32, i32, type, i32}, false);
}

bool is_meeting(const llvm::Function& placeholder) { return placeholder.getName().starts_with(kMeetingPrefix); }

bool waits_for_items(const llvm::Function& placeholder) {
  const llvm::StringRef name = placeholder.getName();
  return name == kWorkGroupBarrier || name == kSubGroupBarrier || is_meeting(placeholder);
}

}  // namespace metate::ze_software::spirv
