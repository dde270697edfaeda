// math_call – mathematical functions as calls by portable names, bound later to what the machine or device has.
#pragma once

#include <span>
#include <string_view>

namespace llvm {
class Value;
}

namespace metate::codegen {

class FunctionLowering;

/// Calls `metate.<function>.f32` or `.f64` (a row of runtime/abi/math_symbols.def); half operands are computed as
/// float, as NumPy does. runtime/jit binds the name to a scalar routine and its vector forms.
llvm::Value* portable_math_call(FunctionLowering& lowering, std::string_view function,
                                std::span<llvm::Value* const> operands);

}  // namespace metate::codegen
