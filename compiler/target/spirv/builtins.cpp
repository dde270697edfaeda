#include "compiler/target/spirv/builtins.h"

#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>

#include <string>

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

}  // namespace metate::target::spirv
