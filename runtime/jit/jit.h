// jit – LLVM modules become optimised object bytes, and object bytes become callable code.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

#include "runtime/base/result.h"
#include "runtime/jit/host_cpu.h"
#include "runtime/jit/linker.h"
#include "runtime/jit/remarks.h"

namespace metate::jit {

/// A module and the context it lives in, as one value: a compile consumes both.
struct OwnedModule {
  std::unique_ptr<llvm::LLVMContext> context;  // first, so that it goes last
  std::unique_ptr<llvm::Module> module;
};

struct CompileOptions {
  int optimisation = 2;  // 0 … 3, as LLVM means it
  bool verify = false;   // LLVM's verifier on the incoming module
  bool sanitize_address = false;
  bool sanitize_thread = false;
  bool keep_frame_pointers = false;  // for profilers and debuggers
  bool keep_ir = false;              // fill Compiled::ir
  bool keep_assembly = false;        // fill Compiled::assembly
  bool keep_remarks = false;         // fill Compiled::remarks
};

struct Compiled {
  ObjectBytes object;
  std::string ir;        // optimised
  std::string assembly;  // of the optimised module
  std::vector<Remark> remarks;
};

/// Compiles and links for the CPU of this process. Everything here may be called from many threads at once.
///
/// Code generation calls mathematics by `math_call_name` (vector_math.h) and says what may be approximated by the
/// fast-math flags of each instruction; there is no module-wide fast-math.
class Jit {
 public:
  static base::Result<std::unique_ptr<Jit>> create();
  /// For a CPU by its name; what it compiles may not run in this process.
  static base::Result<std::unique_ptr<Jit>> create_for(std::string_view cpu);
  ~Jit();

  const HostCpu& cpu() const { return cpu_; }

  /// An empty module with the triple and data layout that code generation must build for.
  OwnedModule new_module(std::string_view name) const;

  /// Whatever LLVM finds wrong with the module, or dies of, is an internal-bug Error; the process lives.
  base::Result<Compiled> compile(OwnedModule module, const CompileOptions& options);

  base::Result<std::unique_ptr<LinkedCode>> link(std::span<const std::byte> object, const SymbolProvider& provider) {
    return linker_.link(object, provider);
  }

 private:
  class MachinePool;
  explicit Jit(HostCpu cpu);

  HostCpu cpu_;
  std::unique_ptr<MachinePool> machines_;
  Linker linker_;
};

}  // namespace metate::jit
