// check_marks – tells a kernel checker what machine-level code has lost: lines, and names and extents of arrays.
#pragma once

#include "compiler/codegen/function_lowering.h"

namespace metate::codegen {

// Each calls a function of runtime/abi/kernel_check.h at the builder; only in modules that are to be checked.

/// Where `inst`, which goes to memory or waits, stands in the source.
void mark_line(FunctionLowering& lowering, ir::Inst inst);
/// The name of the kernel that is being lowered, and of the arrays that are its arguments or lie in them. Ids of
/// work-items have `dimensions`, counted as Python does.
void mark_kernel(FunctionLowering& lowering, unsigned dimensions, std::span<const ir::Value> arguments);
/// Where the local or private array at `data` is declared.
void mark_storage(FunctionLowering& lowering, ir::Inst inst, llvm::Value* data);
/// The global array at `data`, which is frozen in the module.
void mark_global_array(FunctionLowering& lowering, const types::Constant& array, llvm::Value* data);
/// Memory that the launcher gives a kernel for its own use.
void mark_internal(ModuleLowering& module, llvm::IRBuilder<>& builder, llvm::Value* data);

}  // namespace metate::codegen
