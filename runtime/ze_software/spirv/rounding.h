// rounding – conversions to floats with a rounding mode, made of the CPU's rounding to nearest.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <spirv/unified1/spirv.hpp11>

namespace metate::ze_software::spirv {

/// Integers (or vectors of them) of at most 64 bits to floats of `type`.
llvm::Value* integer_to_float(llvm::IRBuilder<>& b, llvm::Value* x, llvm::Type* type, bool is_signed,
                              spv::FPRoundingMode mode);

/// Floats to floats of another width. Nothing is rounded twice, on the way from 64 to 16 bits neither.
llvm::Value* float_to_float(llvm::IRBuilder<>& b, llvm::Value* x, llvm::Type* type, spv::FPRoundingMode mode);

}  // namespace metate::ze_software::spirv
