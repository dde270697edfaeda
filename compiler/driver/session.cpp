#include "compiler/driver/session.h"

#include <algorithm>
#include <map>

#include "compiler/codegen/frozen_arrays.h"
#include "compiler/codegen/module_text.h"
#include "compiler/driver/adapter.h"
#include "compiler/driver/compile.h"
#include "compiler/ir/text/print.h"
#include "compiler/target/spirv/emit.h"
#include "runtime/abi/runtime_calls.h"

namespace metate::driver {
namespace {

/// Addresses of the functions of runtime_calls.def.
const void* runtime_symbol(std::string_view name) {
#define RUNTIME_CALL(symbol, ...) \
  if (name == #symbol) return reinterpret_cast<const void*>(&symbol);
#include "runtime/abi/runtime_calls.def"
#undef RUNTIME_CALL
  return nullptr;
}

base::Error failure(const support::Diagnostics& diagnostics) {
  std::string text;
  for (const support::Diagnostic& diagnostic : diagnostics.all()) text += render(diagnostic, {});
  return {base::ErrorCode::kInvalidArgument, text};
}

}  // namespace

struct Session::State {
  explicit State(std::unique_ptr<jit::Jit> made)
      : jit(std::move(made)), functions(universe), cache(ArtifactCache::from_environment(jit->cpu())) {}

  /// What an artifact's code links to by name.
  const void* symbol(std::string_view name, const Artifact& artifact) const {
    std::optional<int64_t> number = codegen::frozen_array_number(name);
    if (!number) return runtime_symbol(name);
    for (auto [theirs, ours] : artifact.frozen_arrays)
      if (theirs == *number) return universe.constants.frozen(universe.constants[ours]).data();
    return universe.constants.frozen({.kind = types::ConstantKind::kArray, .integer = *number}).data();
  }

  base::Result<std::shared_ptr<const CompiledFunction>> link(Artifact artifact) const {
    auto function = std::make_shared<CompiledFunction>();
    function->artifact = std::move(artifact);
    base::Result<std::unique_ptr<jit::LinkedCode>> code =
        jit->link(function->artifact.bytes, [&](std::string_view name) { return symbol(name, function->artifact); });
    if (!code) return code.take_error();
    function->code = std::move(*code);
    function->entry =
        function->code->function<int32_t(abi::Context*, int64_t*, const int64_t*)>(function->artifact.entry);
    return std::shared_ptr<const CompiledFunction>(std::move(function));
  }

  /// What an earlier process compiled; null where the cache has nothing that can be used.
  std::shared_ptr<const CompiledFunction> load(const CacheKey& key) {
    std::optional<Artifact> artifact = cache->find(key, universe);
    if (!artifact) return nullptr;
    base::Result<std::shared_ptr<const CompiledFunction>> linked = link(std::move(*artifact));
    return linked && (*linked)->entry ? *linked : nullptr;
  }

  Outcome<CompiledFunction> compile(types::ConstantId callee, std::span<const types::TypeId> arguments, Nests nests,
                                    const CacheKey* key);
  Outcome<CompiledFunction> find_or_compile(types::ConstantId callee, std::span<const types::TypeId> arguments);

  std::recursive_mutex mutex;  // an Environment may ask for the session's tables while it is being compiled for
  std::unique_ptr<jit::Jit> jit;
  ir::Universe universe;
  Specialisations functions;
  using Key = std::pair<const Specialisation*, bool>;  // and whether its device code is checked
  std::map<Key, std::shared_ptr<const CompiledFunction>> compiled;
  std::map<Key, std::shared_ptr<const CompiledKernel>> kernels;
  std::unique_ptr<ArtifactCache> cache;  // null where it is off
  using Types = std::pair<types::ConstantId, std::vector<types::TypeId>>;
  std::map<Types, std::shared_ptr<const CompiledFunction>> by_types;  // that the cache was asked for
};

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

/// `key`: under which the cache gets what was compiled, or null.
Outcome<CompiledFunction> Session::State::compile(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                  Nests nests, const CacheKey* key) {
  support::Diagnostics diagnostics;
  const Specialisation* found = functions.find(callee, arguments, {.offload = nests != Nests::kOnThreads}, diagnostics);
  if (!found) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = {}};
  const bool checked = nests == Nests::kChecked;
  if (auto known = compiled.find({found, checked}); known != compiled.end())
    return {.code = known->second, .diagnostics = {}, .error = {}};

  base::Result<Artifact> artifact = compile_for_cpu(functions, *found, universe, *jit, CpuEntry::kSlots, checked);
  if (!artifact) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = artifact.take_error()};
  base::Result<std::shared_ptr<const CompiledFunction>> function = link(std::move(*artifact));
  if (!function) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = function.take_error()};
  // Warnings are given at every start of a program, so it has to be compiled at every start.
  if (key && !found->has_warnings) cache->put(*key, (*function)->artifact, universe);
  compiled.emplace(std::pair(found, checked), *function);
  return {.code = *function, .diagnostics = diagnostics.take(), .error = {}};
}

Outcome<CompiledFunction> Session::State::find_or_compile(types::ConstantId callee,
                                                          std::span<const types::TypeId> arguments) {
  Types types(callee, {arguments.begin(), arguments.end()});
  if (auto known = by_types.find(types); known != by_types.end())
    return {.code = known->second, .diagnostics = {}, .error = {}};
  std::optional<CacheKey> key = make_cache_key(functions, universe, callee, arguments, cache->machine());
  if (!key) {
    ++cache->counts.uncachable;
    return compile(callee, arguments, Nests::kOnThreads, nullptr);
  }
  std::shared_ptr<const CompiledFunction> code = load(*key);
  cache::Claim claim = code ? cache::Claim() : cache->claim(*key);
  if (!code) code = load(*key);  // what the process that we waited for has made
  ++(code ? cache->counts.hits : cache->counts.misses);
  Outcome<CompiledFunction> outcome{.code = code, .diagnostics = {}, .error = {}};
  if (!code) outcome = compile(callee, arguments, Nests::kOnThreads, &*key);
  if (outcome.code) by_types.emplace(std::move(types), outcome.code);
  return outcome;
}

Outcome<CompiledFunction> Session::compile(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                           Nests nests) {
  auto guard = lock();
  if (state_->cache && nests == Nests::kOnThreads) return state_->find_or_compile(callee, arguments);
  return state_->compile(callee, arguments, nests, nullptr);
}

std::string Session::take_cache_warning() {
  auto guard = lock();
  return state_->cache ? state_->cache->take_warning() : std::string();
}

std::optional<CacheCounts> Session::cache_counts() {
  auto guard = lock();
  return state_->cache ? std::optional(state_->cache->counts) : std::nullopt;
}

Outcome<CompiledFunction> Session::compile_callback(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                    const abi::Context* context) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  const Specialisation* found = state_->functions.find(callee, arguments, {}, diagnostics);
  if (!found) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = {}};
  base::Result<Artifact> artifact =
      compile_for_cpu(state_->functions, *found, state_->universe, *state_->jit, CpuEntry::kCFunction);
  if (!artifact) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = artifact.take_error()};
  auto function = std::make_shared<CompiledFunction>();
  function->artifact = std::move(*artifact);
  auto symbol = [&](std::string_view name) {
    return name == "metate_callback_context" ? context : state_->symbol(name, function->artifact);
  };
  base::Result<std::unique_ptr<jit::LinkedCode>> code = state_->jit->link(function->artifact.bytes, symbol);
  if (!code) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = code.take_error()};
  function->code = std::move(*code);
  function->c_function = function->code->lookup(function->artifact.entry);
  return {.code = function, .diagnostics = diagnostics.take(), .error = {}};
}

Outcome<CompiledKernel> Session::compile_kernel(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                uint8_t rank, bool checked) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  const Specialisation* found = state_->functions.find(callee, arguments, {.kernel_rank = rank}, diagnostics);
  if (!found) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = {}};
  if (auto known = state_->kernels.find({found, checked}); known != state_->kernels.end())
    return {.code = known->second, .diagnostics = diagnostics.take(), .error = {}};
  base::Result<CompiledKernel> compiled =
      compile_for_spirv(state_->functions, *found, state_->universe, {.checked = checked});
  if (!compiled) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = compiled.take_error()};
  auto kernel = std::make_shared<const CompiledKernel>(std::move(*compiled));
  state_->kernels.emplace(std::pair(found, checked), kernel);
  return {.code = kernel, .diagnostics = diagnostics.take(), .error = {}};
}

base::Result<CompiledKernel> Session::emit_kernel(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                                  uint8_t rank, uint32_t version) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  const Specialisation* found = state_->functions.find(callee, arguments, {.kernel_rank = rank}, diagnostics);
  if (!found) return failure(diagnostics);
  return compile_for_spirv(state_->functions, *found, state_->universe, {.version = version});
}

void Session::forget_kernel(const CompiledKernel& kernel) {
  auto guard = lock();
  auto found = std::ranges::find_if(state_->kernels, [&](const auto& entry) { return entry.second.get() == &kernel; });
  if (found == state_->kernels.end()) return;
  const Specialisation& root = *found->first.first;
  state_->kernels.erase(found);
  state_->functions.forget(root, [&](const Specialisation& other) {
    return state_->kernels.contains({&other, false}) || state_->kernels.contains({&other, true});
  });
}

size_t Session::function_count() {
  auto guard = lock();
  return state_->functions.count();
}

base::Result<std::string> Session::inspect(types::ConstantId callee, std::span<const types::TypeId> arguments,
                                           Inspect stage, uint8_t kernel_rank) {
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
  if (stage == Inspect::kSpirv) {
    base::Result<CompiledKernel> compiled = compile_for_spirv(state_->functions, *found, state_->universe, {});
    if (!compiled) return compiled.take_error();
    return target::spirv::disassemble(compiled->words);
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
