#include "compiler/driver/session_state.h"

#include <algorithm>

#include "compiler/codegen/frozen_arrays.h"
#include "compiler/driver/artifact_bytes.h"
#include "compiler/driver/compile.h"
#include "runtime/abi/runtime_calls.h"
#include "runtime/base/trace.h"

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

std::string_view name_of(Form form) {
  switch (form) {
    case Form::kFunction:
      return "function";
    case Form::kOffloading:
      return "offloading";
    case Form::kCheckedOffloading:
      return "checked offloading";
    case Form::kCallback:
      return "callback";
    case Form::kKernel:
      return "kernel";
    case Form::kCheckedKernel:
      return "checked kernel";
  }
}

std::string text_of(const KernelTarget& target) {
  std::string text;
  for (uint32_t number :
       {uint32_t{target.features.float32_atomics}, uint32_t{target.features.float64_atomics}, target.sub_group_size})
    text += "/" + std::to_string(number);
  return text;
}

Purpose purpose_of(const Wanted& wanted) {
  const bool offload = wanted.form == Form::kOffloading || wanted.form == Form::kCheckedOffloading;
  return {.kernel_rank = wanted.rank, .offload = offload};
}

}  // namespace

/// What an artifact's code links to by name. `context`: of callbacks, else null.
const void* Session::State::symbol(std::string_view name, const Artifact& artifact, const abi::Context* context) const {
  if (context && name == "metate_callback_context") return context;
  std::optional<int64_t> number = codegen::frozen_array_number(name);
  if (!number) return runtime_symbol(name);
  for (auto [theirs, ours] : artifact.frozen_arrays)
    if (theirs == *number) return universe.constants.frozen(universe.constants[ours]).data();
  return universe.constants.frozen({.kind = types::ConstantKind::kArray, .integer = *number}).data();
}

base::Result<Session::State::LinkedFunction> Session::State::link(Artifact artifact,
                                                                  const abi::Context* context) const {
  auto function = std::make_shared<CompiledFunction>();
  function->artifact = std::move(artifact);
  base::Result<std::unique_ptr<jit::LinkedCode>> code = jit->link(
      function->artifact.bytes, [&](std::string_view name) { return symbol(name, function->artifact, context); });
  if (!code) return code.take_error();
  function->code = std::move(*code);
  const void* entry = function->code->lookup(function->artifact.entry);
  if (context) {
    function->c_function = entry;
  } else {
    function->entry = reinterpret_cast<CompiledFunction::Entry>(const_cast<void*>(entry));
  }
  return function;
}

/// What an earlier process compiled; null where the cache has nothing that can be used.
std::shared_ptr<const CompiledFunction> Session::State::load_function(const CacheKey& key,
                                                                      const abi::Context* context) {
  std::optional<cache::Bytes> bytes = cache->find(key.bytes);
  std::optional<Artifact> artifact = bytes ? read_artifact(*bytes, key.references, universe) : std::nullopt;
  if (!artifact) return nullptr;
  base::Result<LinkedFunction> linked = link(std::move(*artifact), context);
  if (!linked || !((*linked)->entry || (*linked)->c_function)) return nullptr;
  (*linked)->is_from_disk = true;
  return *linked;
}

std::string Session::State::machine_for(const Wanted& wanted) const {
  return cache->machine() + "/" + std::string(name_of(wanted.form)) + "/" + std::to_string(wanted.rank) +
         text_of(wanted.target);
}

void Session::State::put(const CacheKey& key, const std::optional<std::vector<std::byte>>& bytes) {
  if (bytes) {
    cache->put(key.bytes, *bytes);
  } else {
    ++cache->counts.uncachable;
  }
}

template <class Code, class Load, class Make>
Outcome<Code> Session::State::load_or_make(const Wanted& wanted, Disk disk, const Load& load, const Make& make) {
  if (!cache || disk == Disk::kUnused) return make(nullptr);
  base::TimedSpan span(base::SpanKind::kStage, "cache",
                       base::is_traced() ? label_of(wanted.callee, wanted.arguments, universe) : "");
  std::optional<CacheKey> key =
      make_cache_key(functions, universe, wanted.callee, wanted.arguments, wanted.is_kernel(), machine_for(wanted));
  if (!key) {
    ++cache->counts.uncachable;
    return make(nullptr);
  }
  std::shared_ptr<const Code> code = load(*key);
  cache::Claim claim = code ? cache::Claim() : cache->claim(key->bytes);
  if (claim.is_busy() && disk == Disk::kShared)
    return {.code = nullptr, .diagnostics = {}, .error = {}, .is_busy = true};
  if (claim.is_held()) code = load(*key);  // which another process may have made a moment ago
  ++(code ? cache->counts.hits : cache->counts.misses);
  return code ? Outcome<Code>{.code = code, .diagnostics = {}, .error = {}} : make(&*key);
}

Outcome<CompiledFunction> Session::State::make_function(const Wanted& wanted, const CacheKey* key,
                                                        const abi::Context* context) {
  support::Diagnostics diagnostics;
  const Specialisation* found = functions.find(wanted.callee, wanted.arguments, purpose_of(wanted), diagnostics);
  if (!found) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = {}};
  base::Result<Artifact> artifact =
      compile_for_cpu(functions, *found, universe, *jit, context ? CpuEntry::kCFunction : CpuEntry::kSlots,
                      wanted.form == Form::kCheckedOffloading);
  if (!artifact) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = artifact.take_error()};
  base::TimedSpan span(base::SpanKind::kStage, "link", base::is_traced() ? label_of(*found, universe) : "");
  base::Result<LinkedFunction> function = link(std::move(*artifact), context);
  span.stop();
  if (!function) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = function.take_error()};
  // Warnings are given at every start of a program, so it has to be compiled at every start.
  if (key && !found->has_warnings) put(*key, write_artifact((*function)->artifact, key->references, universe));
  return {.code = *function, .diagnostics = diagnostics.take(), .error = {}};
}

Outcome<CompiledFunction> Session::State::find_function(const Wanted& wanted, Disk disk) {
  if (auto known = compiled_.find(wanted); known != compiled_.end())
    return {.code = known->second, .diagnostics = {}, .error = {}};
  Outcome<CompiledFunction> outcome = load_or_make<CompiledFunction>(
      wanted, disk, [&](const CacheKey& key) { return load_function(key, nullptr); },
      [&](const CacheKey* key) { return make_function(wanted, key, nullptr); });
  if (outcome.code) compiled_.emplace(wanted, outcome.code);
  return outcome;
}

Outcome<CompiledFunction> Session::State::find_callback(const Wanted& wanted, Disk disk, const abi::Context* context) {
  return load_or_make<CompiledFunction>(
      wanted, disk, [&](const CacheKey& key) { return load_function(key, context); },
      [&](const CacheKey* key) { return make_function(wanted, key, context); });
}

Outcome<CompiledKernel> Session::State::make_kernel(const Wanted& wanted, const CacheKey* key,
                                                    const Specialisation*& root) {
  support::Diagnostics diagnostics;
  const Specialisation* found = functions.find(wanted.callee, wanted.arguments, purpose_of(wanted), diagnostics);
  if (!found) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = {}};
  base::Result<CompiledKernel> compiled = compile_for_spirv(
      functions, *found, universe, {.checked = wanted.form == Form::kCheckedKernel, .target = wanted.target});
  if (!compiled) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = compiled.take_error()};
  if (key && !found->has_warnings) put(*key, write_kernel(*compiled, key->references, universe));
  root = found;
  return {.code = std::make_shared<const CompiledKernel>(std::move(*compiled)),
          .diagnostics = diagnostics.take(),
          .error = {}};
}

Outcome<CompiledKernel> Session::State::find_kernel(const Wanted& wanted, Disk disk) {
  if (auto known = kernels_.find(wanted); known != kernels_.end())
    return {.code = known->second.code, .diagnostics = {}, .error = {}};
  const Specialisation* root = nullptr;
  auto load = [&](const CacheKey& key) -> std::shared_ptr<const CompiledKernel> {
    std::optional<cache::Bytes> bytes = cache->find(key.bytes);
    std::optional<CompiledKernel> kernel = bytes ? read_kernel(*bytes, key.references, universe) : std::nullopt;
    return kernel ? std::make_shared<const CompiledKernel>(std::move(*kernel)) : nullptr;
  };
  Outcome<CompiledKernel> outcome = load_or_make<CompiledKernel>(
      wanted, disk, load, [&](const CacheKey* key) { return make_kernel(wanted, key, root); });
  if (outcome.code) kernels_.emplace(wanted, Kernel{outcome.code, root});
  return outcome;
}

void Session::State::forget_kernel(const CompiledKernel& kernel) {
  auto found = std::ranges::find_if(kernels_, [&](const auto& entry) { return entry.second.code.get() == &kernel; });
  if (found == kernels_.end()) return;
  const Specialisation* root = found->second.root;
  kernels_.erase(found);
  if (!root) return;
  functions.forget(*root, [&](const Specialisation& other) {
    return std::ranges::any_of(kernels_, [&](const auto& entry) { return entry.second.root == &other; });
  });
}

}  // namespace metate::driver
