// compile – loop-stage functions become an artifact, for each target.
#pragma once

#include "compiler/codegen/module_lowering.h"
#include "compiler/driver/artifact.h"
#include "compiler/driver/kernel_target.h"
#include "compiler/driver/session.h"
#include "compiler/driver/specialisations.h"
#include "runtime/jit/jit.h"

namespace metate::driver {

/// What code outside calls: `abi` slots, or C arguments.
enum class CpuEntry : uint8_t { kSlots, kCFunction };

/// Whether running it may take longer than giving Python's lock away costs.
bool may_take_long(const Specialisation& root);

struct HostCode {
  jit::OwnedModule module;
  std::vector<codegen::DeviceNest> device_nests;  // that it launches
};

/// The LLVM module of a specialisation with all that it calls, for the CPU, not optimised; its sites in `artifact`.
HostCode lower_for_cpu(const Specialisations& functions, const Specialisation& root, ir::Universe& universe,
                       const jit::Jit& jit, Artifact& artifact, CpuEntry entry = CpuEntry::kSlots,
                       bool keep_lines = false);

struct SpirvLowering {
  bool checked = false;
  bool keeps_lines = false;    // see codegen::ModuleLowering, as of the next
  bool embeds_arrays = false;  // all that are frozen
  KernelTarget target;
};

/// The same for a device, not bound to its builtins.
std::unique_ptr<llvm::Module> lower_for_spirv(const Specialisations& functions, const Specialisation& root,
                                              ir::Universe& universe, llvm::LLVMContext& context, Artifact& artifact,
                                              const SpirvLowering& options);

// `checked`: device code with what the software driver's kernel checker wants to know, and for that driver alone.

base::Result<Artifact> compile_for_cpu(const Specialisations& functions, const Specialisation& root,
                                       ir::Universe& universe, jit::Jit& jit, CpuEntry entry = CpuEntry::kSlots,
                                       bool checked = false);

struct SpirvOptions {
  bool checked = false;
  uint32_t version = 2;      // of SPIR-V 1, at least
  bool is_exported = false;  // runs where nobody fills its global arrays
  KernelTarget target;
  std::string* llvm_ir = nullptr;  // for the text of what becomes SPIR-V
};

base::Result<CompiledKernel> compile_for_spirv(const Specialisations& functions, const Specialisation& root,
                                               ir::Universe& universe, const SpirvOptions& options);

}  // namespace metate::driver
