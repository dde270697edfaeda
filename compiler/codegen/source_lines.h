// source_lines – the places in Python that instructions come from, as LLVM's debug locations.
#pragma once

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/IRBuilder.h>

#include <map>

#include "compiler/ir/function.h"

namespace metate::codegen {

/// Of one module: functions by their Python names, with lines; there are no variables and no types.
class SourceLines {
 public:
  SourceLines(llvm::Module& module, const ir::Universe& universe);

  /// Before the first instruction of a function of the module that has code of `function`.
  void begin(const ir::Function& function, llvm::Function& target, llvm::IRBuilder<>& builder);
  /// What the builder makes from now on comes from there. Places that are not known leave it as it is.
  void at(const ir::Function& function, const ir::SourcePlace& place, llvm::Function& target,
          llvm::IRBuilder<>& builder);
  /// Behind the last function.
  void finish() { builder_.finalize(); }

 private:
  llvm::DIFile* file(support::Symbol name);
  llvm::DISubprogram* subprogram(const ir::SourcePlace& place, const std::string& name);
  llvm::DIScope* scope(const ir::SourcePlace& place, llvm::Function& target);
  llvm::DILocation* location(const ir::Function& function, const ir::SourcePlace& place, llvm::Function& target);

  const ir::Universe& universe_;
  llvm::DIBuilder builder_;
  std::map<uint32_t, llvm::DIFile*> files_;
  std::map<std::pair<llvm::Function*, uint32_t>, llvm::DIScope*> scopes_;  // of a function, in a file
  std::map<std::pair<uint32_t, uint32_t>, llvm::DISubprogram*> inlined_;   // by file and name
};

}  // namespace metate::codegen
