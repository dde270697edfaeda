// builtins – calls that LLVM's SPIR-V back end makes instructions of.
#pragma once

#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/StringRef.h>

#include "compiler/ir/synchronisation.h"

namespace llvm {
class CallInst;
class Module;
class Type;
class Value;
}  // namespace llvm
namespace metate::codegen {
class FunctionLowering;
}

namespace metate::target::spirv {

/// Renames every declaration `metate.<function>.f32|f64` to the mangled OpenCL built-in (`_Z3sinf`), which LLVM's back
/// end turns into an OpExtInst of OpenCL.std.
void bind_builtins(llvm::Module& module);

/// Calls a built-in function by its mangled name.
llvm::CallInst* call_builtin(codegen::FunctionLowering& lowering, llvm::StringRef name, llvm::Type* result,
                             llvm::ArrayRef<llvm::Value*> arguments);
/// One at which work-items wait for each other.
llvm::CallInst* call_convergent_builtin(codegen::FunctionLowering& lowering, llvm::StringRef name, llvm::Type* result,
                                        llvm::ArrayRef<llvm::Value*> arguments);

/// The number of a scope in SPIR-V (3.27).
uint32_t spirv_scope(ir::MemoryScope scope);

}  // namespace metate::target::spirv
