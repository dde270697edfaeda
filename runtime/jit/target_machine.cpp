#include "runtime/jit/target_machine.h"

#include <mutex>

#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/TargetParser/Triple.h"

#include "runtime/base/assert.h"
#include "runtime/jit/host_cpu.h"

namespace metate::jit {
namespace {

// LLVM has no other way to say these than its command line. This copy of LLVM is ours alone.
void set_llvm_option(llvm::StringRef name, llvm::StringRef value) {
  auto& options = llvm::cl::getRegisteredOptions();
  const auto at = options.find(name);
  METATE_ASSERT(at != options.end());
  if (at != options.end()) at->second->addOccurrence(1, name, value);
}

void initialise_native_target() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    // Strength reduction is a pass of pipeline.cpp, for the functions that gain from it. A second scheduling after
    // register allocation costs a tenth of code generation; out-of-order processors show no gain.
    set_llvm_option("disable-lsr", "true");
    set_llvm_option("post-RA-scheduler", "false");
    // Sums in the order of the program: what is summed is computed in vectors, the additions stay one after the other.
    set_llvm_option("force-ordered-reductions", "true");
  });
}

llvm::CodeGenOptLevel codegen_level(int optimisation) {
  switch (optimisation) {
    case 0:
      return llvm::CodeGenOptLevel::None;
    case 1:
      return llvm::CodeGenOptLevel::Less;
    case 2:
      return llvm::CodeGenOptLevel::Default;
    default:
      return llvm::CodeGenOptLevel::Aggressive;
  }
}

}  // namespace

base::Result<std::unique_ptr<llvm::TargetMachine>> make_target_machine(const HostCpu& cpu, int optimisation) {
  initialise_native_target();
  const llvm::Triple triple(cpu.triple);
  std::string reason;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, reason);
  if (!target) return base::Error{base::ErrorCode::kUnsupported, "no code generator for " + cpu.triple + ": " + reason};
  llvm::TargetOptions options;
  // Fused only where an instruction says `contract`: the same value wherever an expression stands.
  options.AllowFPOpFusion = llvm::FPOpFusion::Standard;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(triple, cpu.name, cpu.features, options,
                                                                           llvm::Reloc::PIC_, llvm::CodeModel::Small,
                                                                           codegen_level(optimisation), /*JIT=*/true));
  if (!machine) return base::Error{base::ErrorCode::kUnsupported, "no code generator for " + cpu.key()};
  return machine;
}

std::string data_layout_of(const llvm::TargetMachine& machine) {
  return machine.createDataLayout().getStringRepresentation();
}

}  // namespace metate::jit
