#include "compiler/target/spirv/emit.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/Analysis/CGSCCPassManager.h>
#include <llvm/Analysis/LoopAnalysisManager.h>
#include <llvm/CodeGen/CodeGenTargetMachineImpl.h>
#include <llvm/CodeGen/MachineFunction.h>
#include <llvm/CodeGen/MachineModuleInfo.h>
#include <llvm/CodeGen/TargetPassConfig.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/Transforms/Utils/Cloning.h>
#include <spirv-tools/libspirv.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>

#include "compiler/codegen/module_text.h"
#include "compiler/target/spirv/builtins.h"
#include "compiler/target/spirv/group_operations.h"
#include "compiler/target/spirv/legalise.h"
#include "runtime/base/trace.h"
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

constexpr char kExtensions[] =
    "+SPV_KHR_uniform_group_instructions,+SPV_EXT_shader_atomic_float_add,+SPV_EXT_shader_atomic_float_min_max";

/// The back end has them off, and takes them by its command line alone. A module names those which it uses.
void allow_extensions() {
  auto& options = llvm::cl::getRegisteredOptions();
  auto found = options.find("spirv-ext");
  if (found != options.end()) found->second->addOccurrence(0, "spirv-ext", kExtensions);
}

std::unique_ptr<llvm::TargetMachine> make_target_machine(const llvm::Module& module, std::string& reason) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeSPIRVTargetInfo();
    LLVMInitializeSPIRVTarget();
    LLVMInitializeSPIRVTargetMC();
    LLVMInitializeSPIRVAsmPrinter();
    allow_extensions();
  });
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(module.getTargetTriple(), reason);
  if (!target) return nullptr;
  return std::unique_ptr<llvm::TargetMachine>(
      target->createTargetMachine(module.getTargetTriple(), "", "", llvm::TargetOptions(), std::nullopt));
}

/// How far LLVM's optimiser goes. It may make what SPIR-V has no words for; each step leaves out what made that so far.
enum class Effort {
  kFull,
  kWithoutClosedForms,  // the sum of a loop as a formula has intermediate results of 65 bits
  kPlain,               // no type, and no operation, that the module had not before
};

void optimise(llvm::Module& module, llvm::TargetMachine& machine, int level, Effort effort) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager graphs;
  llvm::ModuleAnalysisManager modules;
  // Vectors are what a device makes of its work-items. Those of LLVM bring types that the back end has no words for,
  // such as the i4 of four conditions.
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = tuning.SLPVectorization = tuning.LoopInterleaving = false;
  llvm::PassInstrumentationCallbacks instrumentation;
  if (effort == Effort::kWithoutClosedForms)
    instrumentation.registerShouldRunOptionalPassCallback(
        [](llvm::StringRef pass, llvm::Any) { return pass != "IndVarSimplifyPass"; });
  llvm::PassBuilder builder(&machine, tuning, std::nullopt, &instrumentation);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graphs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graphs, modules);
  llvm::ModulePassManager passes;
  if (effort == Effort::kPlain) {
    llvm::cantFail(builder.parsePassPipeline(passes, "always-inline,function(sroa,early-cse,simplifycfg,adce)"));
  } else {
    llvm::OptimizationLevel optimisation = level >= 2 ? llvm::OptimizationLevel::O2 : llvm::OptimizationLevel::O1;
    passes = builder.buildPerModuleDefaultPipeline(optimisation);
  }
  passes.run(module, modules);
}

constexpr size_t kVersionWord = 1;

/// Capabilities come first in a module, one word of opcode and length and one of the number each.
bool has_capability(const std::vector<uint32_t>& words, uint32_t capability) {
  constexpr size_t kHeaderWords = 5;
  constexpr uint32_t kOpCapability = 2u << 16 | 17u;
  for (size_t i = kHeaderWords; i + 1 < words.size() && words[i] == kOpCapability; i += 2)
    if (words[i + 1] == capability) return true;
  return false;
}

/// The rules of OpenCL, whose profiles do not know of the extensions that 16-bit floats, atomics of 64 bits and group
/// operations other than sums and extrema are.
spv_target_env rules_for(const std::vector<uint32_t>& words) {
  constexpr uint32_t kInt64Atomics = 12;
  constexpr spv_target_env kLater[] = {SPV_ENV_UNIVERSAL_1_3, SPV_ENV_UNIVERSAL_1_4, SPV_ENV_UNIVERSAL_1_5,
                                       SPV_ENV_UNIVERSAL_1_6};
  const uint32_t version = words.size() > kVersionWord ? words[kVersionWord] >> 8 & 0xff : 0;
  if (version > 2) return kLater[std::min<size_t>(version - 3, std::size(kLater) - 1)];
  constexpr uint32_t kFloat16 = 9;
  constexpr uint32_t kGroupUniformArithmetic = 6400;
  bool has_extensions = has_capability(words, kFloat16) || has_capability(words, kInt64Atomics) ||
                        has_capability(words, kGroupUniformArithmetic);
  return has_extensions ? SPV_ENV_UNIVERSAL_1_2 : SPV_ENV_OPENCL_2_2;
}

/// "1.4".
std::string version_text(const std::vector<uint32_t>& words) {
  return std::to_string(words[kVersionWord] >> 16 & 0xff) + "." + std::to_string(words[kVersionWord] >> 8 & 0xff);
}

base::Status validate(const std::vector<uint32_t>& words) {
  base::TimedSpan span(base::SpanKind::kStage, "validate", base::is_traced() ? "SPIR-V " + version_text(words) : "");
  spv_context context = spvContextCreate(rules_for(words));
  spv_diagnostic diagnostic = nullptr;
  spv_result_t result = spvValidateBinary(context, words.data(), words.size(), &diagnostic);
  std::string reason = diagnostic && diagnostic->error ? diagnostic->error : "unknown fault";
  spvDiagnosticDestroy(diagnostic);
  spvContextDestroy(context);
  if (result == SPV_SUCCESS) return base::Success{};
  return Error{ErrorCode::kInternal,
               "SPIR-V emission: the module is not valid SPIR-V " + version_text(words) + ": " + reason};
}

/// Everything that one run of the back end lives in, in the order in which it can go away.
struct BackEnd {
  std::unique_ptr<llvm::TargetMachine> machine;
  llvm::legacy::PassManager passes;
  llvm::MachineModuleInfoWrapperPass* machine_functions = nullptr;  // belongs to `passes`
};

/// A module on its way to words, likewise.
struct Attempt {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module, again;  // `again`: a copy for another version of SPIR-V
  BackEnd back_end, back_end_again;
  std::vector<uint32_t> words, words_again;
  std::string fault;
};

/// As TargetMachine::addPassesToEmitFile, but the machine functions are not freed as soon as they are printed.
bool add_passes(BackEnd& back_end, llvm::raw_pwrite_stream& stream) {
  auto& machine = static_cast<llvm::CodeGenTargetMachineImpl&>(*back_end.machine);
  back_end.machine_functions = new llvm::MachineModuleInfoWrapperPass(&machine);
  llvm::TargetPassConfig* config = machine.createPassConfig(back_end.passes);
  config->setDisableVerify(true);
  back_end.passes.add(config);
  back_end.passes.add(back_end.machine_functions);
  if (config->addISelPasses()) return false;
  config->addMachinePasses();
  config->setInitialized();
  llvm::MCContext& context = back_end.machine_functions->getMMI().getContext();
  return !machine.addAsmPrinter(back_end.passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile, context);
}

/// LLVM 22's back end keeps a table of the ids of basic blocks from one module of the process to the next, by the
/// address of their machine function. So a function of a later module must not get the address of an earlier one: the
/// emptied functions stay where they are for ever.
void keep_addresses(BackEnd& back_end, const llvm::Module& module) {
  llvm::MachineModuleInfo& info = back_end.machine_functions->getMMI();
  for (const llvm::Function& function : module)
    if (llvm::MachineFunction* lowered = info.getMachineFunction(function)) lowered->reset();
  static std::mutex mutex;
  static auto& kept = *new std::vector<std::unique_ptr<llvm::MachineModuleInfo>>;  // never freed
  const std::lock_guard lock(mutex);
  kept.push_back(std::make_unique<llvm::MachineModuleInfo>(std::move(info)));
}

/// The back end makes it the execution mode SubgroupSize.
void ask_for_sub_groups(llvm::Module& module, uint32_t size) {
  llvm::Metadata* number =
      llvm::ConstantAsMetadata::get(llvm::ConstantInt::get(llvm::Type::getInt32Ty(module.getContext()), size));
  for (llvm::Function& function : module)
    if (function.getCallingConv() == llvm::CallingConv::SPIR_KERNEL)
      function.setMetadata("intel_reqd_sub_group_size", llvm::MDNode::get(module.getContext(), number));
}

/// Makes the module one of a version of SPIR-V 1.
void set_version(llvm::Module& module, uint32_t version, BackEnd& back_end, std::string& fault) {
  module.setTargetTriple(llvm::Triple("spirv64v1." + std::to_string(version) + "-unknown-unknown"));
  back_end.machine = make_target_machine(module, fault);
}

/// The module as the back end is to get it; `attempt.fault` says what it cannot have.
void prepare(Attempt& attempt, const MakeModule& make, const EmitOptions& options, Effort effort) {
  attempt.fault.clear();
  attempt.module = make(attempt.context);
  if (options.sub_group_size) ask_for_sub_groups(*attempt.module, options.sub_group_size);
  // The lowest version that will do: devices of some years ago know no later one.
  const uint32_t version = std::max(options.version, needs_version_1_3(*attempt.module) ? 3u : 2u);
  set_version(*attempt.module, version, attempt.back_end, attempt.fault);
  if (!attempt.back_end.machine) return;
  bind_builtins(*attempt.module);
  optimise(*attempt.module, *attempt.back_end.machine, options.optimisation, effort);
  legalise(*attempt.module);
  if (std::optional<std::string> illegal = illegal_in(*attempt.module))
    attempt.fault = "SPIR-V has no words for " + *illegal;
  if (options.also_valid_as <= version || !attempt.fault.empty()) return;
  attempt.again = llvm::CloneModule(*attempt.module);
  set_version(*attempt.again, options.also_valid_as, attempt.back_end_again, attempt.fault);
}

/// The words of a prepared module.
std::vector<uint32_t> write(llvm::Module& module, BackEnd& back_end, std::string& fault) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  if (!add_passes(back_end, stream)) {
    fault = "LLVM's SPIR-V back end writes no object files";
    return {};
  }
  back_end.passes.run(module);
  keep_addresses(back_end, module);
  std::vector<uint32_t> words(bytes.size() / sizeof(uint32_t));
  std::memcpy(words.data(), bytes.data(), words.size() * sizeof(uint32_t));
  return words;
}

void run(Attempt& attempt, const MakeModule& make, const EmitOptions& options) {
  for (Effort effort : {Effort::kFull, Effort::kWithoutClosedForms, Effort::kPlain}) {
    prepare(attempt, make, options, effort);
    if (attempt.fault.empty()) break;
  }
  if (!attempt.fault.empty()) return;
  if (options.llvm_ir) *options.llvm_ir = codegen::module_text(*attempt.module);
  attempt.words = write(*attempt.module, attempt.back_end, attempt.fault);
  if (attempt.again) attempt.words_again = write(*attempt.again, attempt.back_end_again, attempt.fault);
}

/// The place of OpModuleProcessed is behind the names, which stand behind what follows here (specification,
/// section 2.4). The back end has nothing that becomes this instruction.
void say_processed(std::vector<uint32_t>& words, std::string_view text) {
  constexpr size_t kHeaderWords = 5;
  constexpr uint32_t kOpModuleProcessed = 330;
  // Capabilities, extensions, sets of instructions, the memory model, entry points, execution modes; text, sources,
  // names.
  constexpr std::array<uint32_t, 13> kBefore{17, 10, 11, 14, 15, 16, 331, 7, 4, 3, 2, 5, 6};
  size_t at = kHeaderWords;
  while (at < words.size() && std::ranges::find(kBefore, words[at] & 0xffff) != kBefore.end()) at += words[at] >> 16;
  std::vector<uint32_t> instruction(1 + text.size() / sizeof(uint32_t) + 1);  // the text ends with a zero
  instruction[0] = static_cast<uint32_t>(instruction.size()) << 16 | kOpModuleProcessed;
  std::memcpy(instruction.data() + 1, text.data(), text.size());
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(at), instruction.begin(), instruction.end());
}

}  // namespace

base::Result<std::vector<uint32_t>> emit(const MakeModule& make, const EmitOptions& options) {
  static std::mutex one_at_a_time;  // the back end's table, see keep_addresses
  std::lock_guard guard(one_at_a_time);
  auto attempt = std::make_unique<Attempt>();
  base::Status status = jit::run_guarded("SPIR-V emission", [&] { run(*attempt, make, options); });
  if (!status) {
    attempt.release();  // the back end left in the middle: what it holds cannot be taken apart safely
    return status.take_error();
  }
  if (!attempt->fault.empty()) return Error{ErrorCode::kInternal, "SPIR-V emission: " + attempt->fault};
  if (!options.processed.empty()) say_processed(attempt->words, options.processed);
  for (const std::vector<uint32_t>* words : {&attempt->words, &attempt->words_again})
    if (options.validate && !words->empty())
      if (base::Status valid = validate(*words); !valid) return valid.take_error();
  return std::move(attempt->words);
}

std::string disassemble(const std::vector<uint32_t>& words) {
  spv_context context = spvContextCreate(SPV_ENV_OPENCL_2_2);
  spv_text text = nullptr;
  spv_result_t result =
      spvBinaryToText(context, words.data(), words.size(),
                      SPV_BINARY_TO_TEXT_OPTION_INDENT | SPV_BINARY_TO_TEXT_OPTION_FRIENDLY_NAMES, &text, nullptr);
  std::string out = result == SPV_SUCCESS ? std::string(text->str, text->length) : std::string();
  spvTextDestroy(text);
  spvContextDestroy(context);
  return out;
}

}  // namespace metate::target::spirv
