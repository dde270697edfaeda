#include "python/ext/native_modules.h"

#include <nanobind/nanobind.h>

#include <optional>
#include <string>
#include <utility>

#include "python/ext/interpreter.h"
#include "python/ext/patience.h"
#include "runtime/level_zero/devices.h"

namespace metate::ext {
namespace {

using level_zero::Device;
using level_zero::Module;
using Built = std::optional<base::Result<Module>>;

/// All that the binary depends on. Drivers are asked for nothing but the module, with no flags.
cache::Bytes key_of(const Device& device, std::span<const uint32_t> words) {
  const std::string kind = "native binary/" + device.binary_kind() + "/";
  const auto text = std::as_bytes(std::span(kind)), code = std::as_bytes(words);
  cache::Bytes key(text.begin(), text.end());
  key.insert(key.end(), code.begin(), code.end());
  return key;
}

class Attempt {
 public:
  Attempt(const std::shared_ptr<Device>& device, std::span<const uint32_t> words)
      : device_(device), words_(words), session_(Interpreter::get()->session()), key_(key_of(*device, words)) {}

  /// Nothing where another process is building it. Without the GIL.
  Built run(driver::Disk disk) {
    if (!ask([](driver::ArtifactCache&) { return true; })) return Module::from_spirv(device_, words_);
    if (Built loaded = load()) return loaded;
    const cache::Claim claim = ask([&](driver::ArtifactCache& cache) { return cache.claim(key_); });
    if (claim.is_busy() && disk == driver::Disk::kShared) return std::nullopt;
    if (!is_refused_)
      if (Built loaded = load()) return loaded;  // which another process may have built a moment ago
    base::Result<Module> module = Module::from_spirv(device_, words_);
    if (!module) return module;
    // One that cannot give its binary runs all the same.
    if (base::Result<std::vector<std::byte>> binary = module->native_binary(); binary && !binary->empty())
      ask([&](driver::ArtifactCache& cache) { cache.put(key_, *binary); });
    return module;
  }

  std::string warning() {
    return ask([](driver::ArtifactCache& cache) { return cache.take_warning(); });
  }

 private:
  template <class Ask>
  auto ask(const Ask& ask) -> decltype(ask(std::declval<driver::ArtifactCache&>())) {
    auto guard = session_.lock();
    driver::ArtifactCache* cache = session_.cache();
    if (cache) return ask(*cache);
    return decltype(ask(*cache))();
  }

  Built load() {
    std::optional<cache::Bytes> binary = ask([&](driver::ArtifactCache& cache) { return cache.find(key_); });
    if (!binary) return std::nullopt;
    base::Result<Module> module = Module::from_binary(device_, *binary);
    is_refused_ = !module;
    return module ? Built(std::move(module)) : std::nullopt;
  }

  const std::shared_ptr<Device>& device_;
  std::span<const uint32_t> words_;
  driver::Session& session_;
  cache::Bytes key_;
  bool is_refused_ = false;  // what was found
};

}  // namespace

base::Result<Module> load_or_build(const std::shared_ptr<Device>& device, std::span<const uint32_t> words) {
  Attempt attempt(device, words);
  for (Patience patience(true);;) {
    std::string warning;
    Built built;
    {
      ReleaseGil released;
      built = attempt.run(patience.disk());
      warning = attempt.warning();
    }
    if (!warn_of_cache(warning)) throw nanobind::python_error();
    if (built) return std::move(*built);
    if (!patience.pause()) throw nanobind::python_error();
  }
}

}  // namespace metate::ext
