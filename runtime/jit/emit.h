// emit – an optimised module becomes machine code: an object file's bytes or assembly text.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace llvm {
class Module;
class TargetMachine;
}  // namespace llvm

namespace metate::jit {

/// Both change the module on the way (LLVM's CodeGenPrepare does).
std::vector<std::byte> emit_object(llvm::Module& module, llvm::TargetMachine& machine);
std::string emit_assembly(llvm::Module& module, llvm::TargetMachine& machine);

}  // namespace metate::jit
