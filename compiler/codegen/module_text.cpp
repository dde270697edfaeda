#include "compiler/codegen/module_text.h"

#include <llvm/IR/Module.h>
#include <llvm/Support/raw_ostream.h>

namespace metate::codegen {

std::string module_text(const llvm::Module& module) {
  std::string text;
  llvm::raw_string_ostream(text) << module;
  return text;
}

}  // namespace metate::codegen
