// opencl – a call of an OpenCL.std function, and the functions that are more than a routine or an intrinsic.
#pragma once

#include <functional>
#include <vector>

#include "runtime/ze_software/spirv/reader.h"

namespace metate::ze_software::spirv {

struct OpenCLCall {
  Reader& reader;
  const Instruction& instruction;
  llvm::IRBuilder<>& b;
  llvm::Type* type;                     // of the result
  std::vector<llvm::Value*> arguments;  // literals are left out
  std::span<const uint32_t> operands;   // the words behind set and function number

  llvm::Value* operator[](size_t index) const { return arguments[index]; }

  /// A constant of the result's type, the same in all lanes.
  llvm::Constant* real(double value) const { return llvm::ConstantFP::get(type, value); }

  /// A routine of math_symbols.def on every lane; all arguments are like the first, but for the int of ldexp.
  llvm::Value* math(const char* row, std::initializer_list<llvm::Value*> values) const;

  llvm::Value* unary(llvm::Intrinsic::ID id, llvm::Value* x) const { return b.CreateUnaryIntrinsic(id, x); }
};

/// Whether result and arguments are of the types that a row of opencl.def names.
bool types_fit(const OpenCLCall& call, std::string_view types);

// Named as in opencl.def.
#define OCL_MATH(name, row, types)
#define OCL_INTRINSIC(name, intrinsic, types)
#define OCL_FUNCTION(name, function, types) llvm::Value* ocl_##function(OpenCLCall& call);
#include "runtime/ze_software/spirv/opencl.def"
#undef OCL_MATH
#undef OCL_INTRINSIC
#undef OCL_FUNCTION

}  // namespace metate::ze_software::spirv
