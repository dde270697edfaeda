// module_text – LLVM IR as text, for inspection.
#pragma once

#include <string>

namespace llvm {
class Module;
}

namespace metate::codegen {

std::string module_text(const llvm::Module& module);

}  // namespace metate::codegen
