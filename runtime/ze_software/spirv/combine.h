// combine – two values of a group operation as one.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include "runtime/ze_software/spirv/items.h"

namespace metate::ze_software::spirv {

llvm::Value* combined(llvm::IRBuilder<>& b, Combine combine, llvm::Value* left, llvm::Value* right);

}  // namespace metate::ze_software::spirv
