// session – owns what compiles share: interned types, functions, specialisations, linked code (architecture, decision
// 13).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/artifact.h"
#include "compiler/driver/artifact_cache.h"
#include "compiler/driver/kernel_target.h"
#include "compiler/driver/specialisations.h"
#include "compiler/support/diagnostics.h"
#include "runtime/abi/context.h"
#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/jit/host_cpu.h"
#include "runtime/jit/linker.h"

namespace metate::driver {

// library.h
struct Library;
struct LibraryExport;
struct LibraryOptions;

struct Study;  // study.h

/// Code that can be called: on slots (compiler/types/slots.h).
struct CompiledFunction {
  using Entry = int32_t (*)(abi::Context* context, int64_t* results, const int64_t* arguments);

  Artifact artifact;
  Entry entry = nullptr;
  const void* c_function = nullptr;  // of callbacks
  std::unique_ptr<jit::LinkedCode> code;
  bool is_from_disk = false;  // compiled by an earlier process
};

template <class T>
struct Outcome {
  std::shared_ptr<const T> code;                 // null after an error
  std::vector<support::Diagnostic> diagnostics;  // errors, or only warnings beside code
  std::optional<base::Error> error;              // environment failure or internal bug
  bool is_busy = false;                          // nothing of that: another process is making it, ask again later
};

/// Whether a compile asks the cache on disk, and what it does while another process makes the same.
enum class Disk : uint8_t { kUnused, kShared, kImpatient };

/// What runs the parallel nests of a function: threads, or a device, which may be the software driver that checks them.
enum class Nests : uint8_t { kOnThreads, kOnDevice, kChecked };

enum class Inspect : uint8_t { kUntypedIr, kLoopIr, kLlvm, kOptimisedLlvm, kAssembly, kSpirv };

/// One an interpreter. Every member locks, so a session may be used from many threads; Python's GIL need not be held,
/// but an Environment that needs it has to take it.
class METATE_API Session {
 public:
  static base::Result<std::unique_ptr<Session>> create();
  ~Session();

  types::ConstantId add_function(FunctionSource source);
  /// A callee with the same parameters as the adaptation's target (an elementwise one has `out` besides), called in its
  /// way. InvalidArgument where a declaration does not fit the parameters.
  base::Result<types::ConstantId> adapt(infer::Adaptation adaptation);
  /// Compiles a function, or finds what an earlier call or process compiled.
  Outcome<CompiledFunction> compile(types::ConstantId callee, std::span<const types::TypeId> arguments, Nests nests,
                                    Disk disk);
  /// Compiles a function that C can call, at CompiledFunction::c_function. Its types are numbers and, as arguments,
  /// arrays of no dimension (pointers). `context` stays where it is for as long as the code: each call's is copied from
  /// it.
  Outcome<CompiledFunction> compile_callback(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                             const abi::Context* context, Disk disk);
  /// The same for a kernel launched over `rank` dimensions; `checked` by the software driver.
  Outcome<CompiledKernel> compile_kernel(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                         uint8_t rank, const KernelTarget& target, bool checked, Disk disk);
  /// The kernel in SPIR-V 1.`version` or, where that has not all it needs, a later one. It is not kept.
  base::Result<CompiledKernel> emit_kernel(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                           uint8_t rank, const KernelTarget& target, uint32_t version);
  /// Compiles functions ahead of time. They are not kept.
  Outcome<Library> compile_library(std::span<const LibraryExport> exports, const LibraryOptions& options);
  /// Lets go of a kernel and of the functions that it alone calls. Whoever holds the code may go on to run it.
  void forget_kernel(const CompiledKernel& kernel);
  /// The text of a stage, or an error. `kernel_rank`: the dimensions of a kernel's launch, 0 for functions of the CPU.
  /// A kernel's LLVM IR is what becomes SPIR-V, which is its assembly.
  base::Result<std::string> inspect(types::ConstantId callee, std::span<const types::TypeId> arguments, Inspect stage,
                                    uint8_t kernel_rank, const KernelTarget& target = {});

  /// The cache on disk, while `lock` is held; null where it is off.
  ArtifactCache* cache();

  /// All that can be said of how a function was compiled. It is compiled once more for that.
  base::Result<Study> study(types::ConstantId callee, std::span<const types::TypeId> arguments, Purpose purpose,
                            const KernelTarget& target = {});

  /// How many specialised functions the session holds.
  size_t function_count();

  /// The interned tables, while `lock` is held.
  ir::Universe& universe();
  std::unique_lock<std::recursive_mutex> lock();
  const jit::HostCpu& cpu() const;

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace metate::driver
