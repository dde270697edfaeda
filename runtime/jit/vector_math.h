// vector_math – gives the mathematical calls of a module their routines, and the vectoriser their vector forms.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/result.h"

namespace llvm {
class Module;
}

namespace metate::jit {

struct HostCpu;

/// What code generation calls for a row of math_symbols.def: ("sin", false) → "metate.sin.f64". Declare it with the
/// row's signature; a call with the fast-math flag `afn` may get an approximate routine.
std::string math_call_name(std::string_view name, bool is_f32);

/// Replaces every such call by one of the family of `cpu`, and declares the vector forms that `cpu` can run. Calls
/// read and write no memory and may be speculated. A name without a row is an internal-bug Error.
base::Status bind_math_functions(llvm::Module& module, const HostCpu& cpu);

}  // namespace metate::jit
