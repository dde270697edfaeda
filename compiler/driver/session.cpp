#include "compiler/driver/session.h"

#include "compiler/driver/compile.h"
#include "compiler/ir/print.h"
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

}  // namespace

base::Result<std::unique_ptr<Session>> Session::create() {
  base::Result<std::unique_ptr<jit::Jit>> jit = jit::Jit::create();
  if (!jit) return jit.take_error();
  return std::unique_ptr<Session>(new Session(std::move(*jit)));
}

types::ConstantId Session::add_function(FunctionSource source) {
  auto guard = lock();
  return functions_.add_function(std::move(source));
}

Outcome<CompiledFunction> Session::compile(types::ConstantId callee, std::span<const types::TypeId> arguments) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  const Specialisation* found = functions_.find(callee, arguments, false, diagnostics);
  if (!found) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = {}};
  if (auto known = compiled_.find(found); known != compiled_.end()) return {.code = known->second, .diagnostics = {}, .error = {}};

  base::Result<Artifact> artifact = compile_for_cpu(functions_, *found, universe_, *jit_);
  if (!artifact) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = artifact.take_error()};
  auto function = std::make_shared<CompiledFunction>();
  function->artifact = std::move(*artifact);
  base::Result<std::unique_ptr<jit::LinkedCode>> code = jit_->link(function->artifact.bytes, runtime_symbol);
  if (!code) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = code.take_error()};
  function->code = std::move(*code);
  function->entry = function->code->function<int32_t(abi::Context*, int64_t*, const int64_t*)>(function->artifact.entry);
  compiled_.emplace(found, function);
  return {.code = function, .diagnostics = diagnostics.take(), .error = {}};
}

Outcome<CompiledKernel> Session::compile_kernel(types::ConstantId callee, std::span<const types::TypeId> arguments) {
  auto guard = lock();
  support::Diagnostics diagnostics;
  const Specialisation* found = functions_.find(callee, arguments, true, diagnostics);
  if (!found) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = {}};
  if (auto known = kernels_.find(found); known != kernels_.end()) return {.code = known->second, .diagnostics = {}, .error = {}};
  base::Result<CompiledKernel> compiled = compile_for_spirv(functions_, *found, universe_);
  if (!compiled) return {.code = nullptr, .diagnostics = diagnostics.take(), .error = compiled.take_error()};
  auto kernel = std::make_shared<const CompiledKernel>(std::move(*compiled));
  kernels_.emplace(found, kernel);
  return {.code = kernel, .diagnostics = diagnostics.take(), .error = {}};
}

}  // namespace metate::driver
