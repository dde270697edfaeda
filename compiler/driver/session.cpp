#include "compiler/driver/session.h"

#include "compiler/codegen/module_text.h"
#include "compiler/driver/adapter.h"
#include "compiler/driver/compile.h"
#include "compiler/driver/library.h"
#include "compiler/driver/session_state.h"
#include "compiler/driver/study.h"
#include "compiler/ir/text/print.h"
#include "compiler/target/spirv/emit.h"

namespace metate::driver {
namespace {

base::Error failure(const support::Diagnostics& diagnostics) {
  std::string text;
  for (const support::Diagnostic& diagnostic : diagnostics.all()) text += render(diagnostic, {});
  return {base::ErrorCode::kInvalidArgument, text};
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;

base::Result<std::unique_ptr<Session>> Session::create() {
  base::Result<std::unique_ptr<jit::Jit>> jit = jit::Jit::create();
  if (!jit) return jit.take_error();
  return std::unique_ptr<Session>(new Session(std::make_unique<State>(std::move(*jit))));
}

ir::Universe& Session::universe() { return state_->universe; }
std::unique_lock<std::recursive_mutex> Session::lock() { return std::unique_lock(state_->mutex); }
const jit::HostCpu& Session::cpu() const { return state_->jit->cpu(); }

types::ConstantId Session::add_function(FunctionSource source) {
  auto guard = lock();
  return state_->functions.add_function(std::move(source));
}

base::Result<types::ConstantId> Session::adapt(infer::Adaptation adaptation) {
  auto guard = lock();
  const FunctionSource& source = state_->functions.source(adaptation.target);
  infer::CalleeSignature signature = source.signature;
  ir::FunctionOptions options = source.options;
  for (infer::Declaration& declaration : adaptation.declarations)
    if (std::optional<base::Error> error = fit_declaration(signature, state_->universe, declaration)) return *error;
  if (adaptation.kind == infer::Adaptation::Kind::kElementwise) {
    support::Symbol out = state_->universe.symbols.intern("out");
    signature.parameters.push_back({.name = out, .default_value = state_->universe.constants.none()});
  }
  signature.adaptation = std::move(adaptation);
  return state_->functions.add_adapter(std::move(signature), options);
}

Outcome<CompiledFunction> Session::compile(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                           Nests nests, Disk disk) {
  auto guard = lock();
  Form form = Form::kFunction;
  switch (nests) {
    case Nests::kOnThreads:
      break;
    case Nests::kOnDevice:
      form = Form::kOffloading;
      break;
    case Nests::kChecked:
      form = Form::kCheckedOffloading;
      break;
  }
  return state_->find_function({form, 0, callee, {arguments.begin(), arguments.end()}}, disk);
}

Outcome<CompiledFunction> Session::compile_callback(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                    const abi::Context* context, Disk disk) {
  auto guard = lock();
  return state_->find_callback({Form::kCallback, 0, callee, {arguments.begin(), arguments.end()}}, disk, context);
}

Outcome<CompiledKernel> Session::compile_kernel(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                uint8_t rank, const KernelTarget& target, bool checked, Disk disk) {
  auto guard = lock();
  const Form form = checked ? Form::kCheckedKernel : Form::kKernel;
  return state_->find_kernel({form, rank, callee, {arguments.begin(), arguments.end()}, target}, disk);
}

ArtifactCache* Session::cache() { return state_->cache.get(); }

base::Result<CompiledKernel> Session::emit_kernel(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                  uint8_t rank, const KernelTarget& target, uint32_t version) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  const Specialisation* found = state_->functions.find(callee, arguments, {.kernel_rank = rank}, diagnostics);
  if (!found) return failure(diagnostics);
  return compile_for_spirv(state_->functions, *found, state_->universe,
                           {.version = version, .is_exported = true, .target = target});
}

Outcome<Library> Session::compile_library(std::span<const LibraryExport> exports, const LibraryOptions& options) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  std::vector<const Specialisation*> roots;
  for (const LibraryExport& exported : exports) {
    const Specialisation* root = state_->functions.find(exported.callee, exported.arguments, {}, diagnostics);
    if (!root) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = {}};
    roots.push_back(root);
  }
  base::Result<Library> library = driver::compile_library(state_->functions, exports, roots, options, state_->universe);
  if (!library) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = library.take_error()};
  return {.code = std::make_shared<const Library>(std::move(*library)), .diagnostics = diagnostics.take(), .error = {}};
}

void Session::forget_kernel(const CompiledKernel& kernel) {
  auto guard = lock();
  state_->forget_kernel(kernel);
}

size_t Session::function_count() {
  auto guard = lock();
  return state_->functions.count();
}

base::Result<Study> Session::study(types::ConstantId callee, std::span<const types::TypeId> arguments, Purpose purpose,
                                   const KernelTarget& target) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  const Specialisation* found = state_->functions.find(callee, arguments, purpose, diagnostics);
  if (!found) return failure(diagnostics);
  return driver::study(state_->functions, *found, purpose, target, state_->universe, *state_->jit);
}

base::Result<std::string> Session::inspect(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                           Inspect stage, uint8_t kernel_rank, const KernelTarget& target) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  if (stage == Inspect::kUntypedIr) {
    const ir::Function* function = state_->functions.untyped(callee, kernel_rank != 0, diagnostics);
    return function ? base::Result<std::string>(ir::print(*function)) : failure(diagnostics);
  }
  const Specialisation* found = state_->functions.find(callee, arguments, {.kernel_rank = kernel_rank}, diagnostics);
  if (!found) return failure(diagnostics);
  if (stage == Inspect::kLoopIr) {
    std::string text;
    for (uint32_t index : state_->functions.closure(*found)) text += ir::print(*state_->functions[index].function);
    return text;
  }
  if (kernel_rank != 0 || stage == Inspect::kSpirv) {
    std::string llvm_ir;
    base::Result<CompiledKernel> compiled =
        compile_for_spirv(state_->functions, *found, state_->universe, {.target = target, .llvm_ir = &llvm_ir});
    if (!compiled) return compiled.take_error();
    const bool is_llvm = stage == Inspect::kLlvm || stage == Inspect::kOptimisedLlvm;
    return is_llvm ? llvm_ir : target::spirv::disassemble(compiled->words);
  }
  Artifact artifact;
  jit::OwnedModule module = lower_for_cpu(state_->functions, *found, state_->universe, *state_->jit, artifact).module;
  if (stage == Inspect::kLlvm) return codegen::module_text(*module.module);
  jit::CompileOptions options;
  options.keep_ir = stage == Inspect::kOptimisedLlvm;
  options.keep_assembly = stage == Inspect::kAssembly;
  base::Result<jit::Compiled> compiled = state_->jit->compile(std::move(module), options);
  if (!compiled) return compiled.take_error();
  return stage == Inspect::kAssembly ? compiled->assembly : compiled->ir;
}

}  // namespace metate::driver
