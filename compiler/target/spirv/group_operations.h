// group_operations – what the items of a group compute together, as SPIR-V's group instructions.
#pragma once

#include <span>

#include "compiler/ir/synchronisation.h"
#include "compiler/types/dtype.h"

namespace llvm {
class Module;
class Value;
}  // namespace llvm
namespace metate::codegen {
class FunctionLowering;
}

namespace metate::target::spirv {

/// See codegen::TargetLowering::group.
llvm::Value* lower_group(codegen::FunctionLowering& lowering, ir::GroupOperation operation, types::DType dtype,
                         std::span<llvm::Value* const> operands);

/// Whether a module calls for instructions that SPIR-V has from version 1.3 on: each item asking for another's value,
/// and ballots.
bool needs_version_1_3(const llvm::Module& module);

}  // namespace metate::target::spirv
