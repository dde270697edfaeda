// session_state – what a session owns, and the way of each compile: known to the session, on disk, or made now.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "compiler/driver/artifact_cache.h"
#include "compiler/driver/cache_key.h"
#include "compiler/driver/session.h"
#include "runtime/jit/jit.h"

namespace metate::driver {

/// What code is compiled for.
enum class Form : uint8_t { kFunction, kOffloading, kCheckedOffloading, kCallback, kKernel, kCheckedKernel };

/// What is compiled: equal ones are the same code of one session.
struct Wanted {
  Form form;
  uint8_t rank;  // of a kernel's launch, else 0
  types::ConstantId callee;
  std::vector<types::TypeId> arguments;
  KernelTarget target = {};

  auto operator<=>(const Wanted&) const = default;
  bool is_kernel() const { return form == Form::kKernel || form == Form::kCheckedKernel; }
};

struct Session::State {
  explicit State(std::unique_ptr<jit::Jit> made)
      : jit(std::move(made)), functions(universe), cache(ArtifactCache::from_environment(jit->cpu())) {}

  Outcome<CompiledFunction> find_function(const Wanted& wanted, Disk disk);
  Outcome<CompiledFunction> find_callback(const Wanted& wanted, Disk disk, const abi::Context* context);
  Outcome<CompiledKernel> find_kernel(const Wanted& wanted, Disk disk);
  void forget_kernel(const CompiledKernel& kernel);

  std::recursive_mutex mutex;  // an Environment may ask for the session's tables while it is being compiled for
  std::unique_ptr<jit::Jit> jit;
  ir::Universe universe;
  Specialisations functions;
  std::unique_ptr<ArtifactCache> cache;  // null where it is off

 private:
  struct Kernel {
    std::shared_ptr<const CompiledKernel> code;
    const Specialisation* root;  // null of one from the disk
  };
  using LinkedFunction = std::shared_ptr<CompiledFunction>;

  const void* symbol(std::string_view name, const Artifact& artifact, const abi::Context* context) const;
  base::Result<LinkedFunction> link(Artifact artifact, const abi::Context* context) const;
  std::shared_ptr<const CompiledFunction> load_function(const CacheKey& key, const abi::Context* context);
  Outcome<CompiledFunction> make_function(const Wanted& wanted, const CacheKey* key, const abi::Context* context);
  Outcome<CompiledKernel> make_kernel(const Wanted& wanted, const CacheKey* key, const Specialisation*& root);
  std::string machine_for(const Wanted& wanted) const;
  void put(const CacheKey& key, const std::optional<std::vector<std::byte>>& bytes);

  /// `load(key)`: what is on disk, or null. `make(key)`: compiles, and keeps the result there if the key is not null.
  template <class Code, class Load, class Make>
  Outcome<Code> load_or_make(const Wanted& wanted, Disk disk, const Load& load, const Make& make);

  std::map<Wanted, std::shared_ptr<const CompiledFunction>> compiled_;
  std::map<Wanted, Kernel> kernels_;
};

}  // namespace metate::driver
