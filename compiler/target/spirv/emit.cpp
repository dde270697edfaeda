#include "compiler/target/spirv/emit.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Analysis/CGSCCPassManager.h>
#include <llvm/Analysis/LoopAnalysisManager.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <spirv-tools/libspirv.h>

#include <cstring>
#include <mutex>
#include <optional>

#include "compiler/target/spirv/builtins.h"
#include "runtime/jit/crash_guard.h"

extern "C" {
void LLVMInitializeSPIRVTargetInfo();
void LLVMInitializeSPIRVTarget();
void LLVMInitializeSPIRVTargetMC();
void LLVMInitializeSPIRVAsmPrinter();
}

namespace metate::target::spirv {
namespace {

using base::Error;
using base::ErrorCode;

std::unique_ptr<llvm::TargetMachine> make_target_machine(const llvm::Module& module, std::string& reason) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeSPIRVTargetInfo();
    LLVMInitializeSPIRVTarget();
    LLVMInitializeSPIRVTargetMC();
    LLVMInitializeSPIRVAsmPrinter();
  });
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(module.getTargetTriple(), reason);
  if (!target) return nullptr;
  return std::unique_ptr<llvm::TargetMachine>(
      target->createTargetMachine(module.getTargetTriple(), "", "", llvm::TargetOptions(), std::nullopt));
}

void optimise(llvm::Module& module, llvm::TargetMachine& machine, int level) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graphs;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);
  llvm::OptimizationLevel optimisation = level >= 2 ? llvm::OptimizationLevel::O2 : llvm::OptimizationLevel::O1;
  builder.buildPerModuleDefaultPipeline(optimisation).run(module, modules);
}

std::optional<std::string> validation_error(const std::vector<uint32_t>& words) {
  spv_context context = spvContextCreate(SPV_ENV_OPENCL_2_2);
  spv_diagnostic diagnostic = nullptr;
  spv_result_t result = spvValidateBinary(context, words.data(), words.size(), &diagnostic);
  std::optional<std::string> message;
  if (result != SPV_SUCCESS) message = diagnostic && diagnostic->error ? diagnostic->error : "unknown fault";
  spvDiagnosticDestroy(diagnostic);
  spvContextDestroy(context);
  return message;
}

}  // namespace

base::Result<std::vector<uint32_t>> emit(const std::function<std::unique_ptr<llvm::Module>(llvm::LLVMContext&)>& make, const EmitOptions& options) {
  std::vector<uint32_t> words;
  std::string fault;
  base::Status status = jit::run_guarded("SPIR-V emission", [&] {
    llvm::LLVMContext context;
    std::unique_ptr<llvm::Module> module = make(context);
    std::unique_ptr<llvm::TargetMachine> machine = make_target_machine(*module, fault);
    if (!machine) return;
    bind_builtins(*module);
    optimise(*module, *machine, options.optimisation);
    llvm::SmallVector<char, 0> bytes;
    llvm::raw_svector_ostream stream(bytes);
    llvm::legacy::PassManager passes;
    if (machine->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile)) {
      fault = "LLVM's SPIR-V back end writes no object files";
      return;
    }
    passes.run(*module);
    words.resize(bytes.size() / sizeof(uint32_t));
    std::memcpy(words.data(), bytes.data(), words.size() * sizeof(uint32_t));
  });
  if (!status) return status.take_error();
  if (!fault.empty()) return Error{ErrorCode::kInternal, "SPIR-V emission: " + fault};
  if (options.validate)
    if (std::optional<std::string> message = validation_error(words))
      return Error{ErrorCode::kInternal, "SPIR-V emission: the module is not valid: " + *message};
  return words;
}

std::string disassemble(const std::vector<uint32_t>& words) {
  spv_context context = spvContextCreate(SPV_ENV_OPENCL_2_2);
  spv_text text = nullptr;
  spv_result_t result = spvBinaryToText(context, words.data(), words.size(),
                                        SPV_BINARY_TO_TEXT_OPTION_INDENT | SPV_BINARY_TO_TEXT_OPTION_FRIENDLY_NAMES, &text, nullptr);
  std::string out = result == SPV_SUCCESS ? std::string(text->str, text->length) : std::string();
  spvTextDestroy(text);
  spvContextDestroy(context);
  return out;
}

}  // namespace metate::target::spirv
