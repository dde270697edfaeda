// builtins – portable mathematical calls become calls of OpenCL's built-in functions.
#pragma once

namespace llvm {
class Module;
}

namespace metate::target::spirv {

/// Renames every declaration `metate.<function>.f32|f64` to the mangled OpenCL built-in (`_Z3sinf`), which LLVM's back
/// end turns into an OpExtInst of OpenCL.std.
void bind_builtins(llvm::Module& module);

}  // namespace metate::target::spirv
