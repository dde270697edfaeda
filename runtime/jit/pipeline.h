// pipeline – the passes that make the LLVM IR of compiled functions fast.
#pragma once

namespace llvm {
class Module;
class TargetMachine;
}  // namespace llvm

namespace metate::jit {

struct PipelineOptions {
  /// 0: only what must be inlined. 1: cheap clean-up, no vectors. 2: a pass list for loops over arrays, as fast to run
  /// as what LLVM's own O3 makes, for about three quarters of its time. 3: LLVM's own O3.
  int optimisation = 2;
  bool sanitize_address = false;  // instrument every function of the module
  bool sanitize_thread = false;
};

void optimise(llvm::Module& module, llvm::TargetMachine& machine, const PipelineOptions& options);

}  // namespace metate::jit
