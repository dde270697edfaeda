#include "compiler/driver/artifact_cache.h"

#include <utility>

#include "compiler/driver/dump.h"
#include "runtime/cache/build_id.h"
#include "runtime/cache/settings.h"

namespace metate::driver {

std::unique_ptr<ArtifactCache> ArtifactCache::from_environment(const jit::HostCpu& cpu) {
  if (!cache::is_wanted() || is_dumping()) return nullptr;
  auto made = std::make_unique<ArtifactCache>();
  const std::string build = cache::build_id();
  // Builds that cannot be told from each other must not take each other's code.
  if (build.empty()) return nullptr;
  made->machine_ = build + "/" + cpu.key();
  base::Result<std::unique_ptr<cache::Store>> store = cache::Store::open_default();
  if (store) {
    made->store_ = std::move(*store);
  } else {
    made->warn(store.take_error().message);
  }
  return made;
}

std::optional<cache::Bytes> ArtifactCache::find(std::span<const std::byte> key) {
  if (!store_) return std::nullopt;
  std::string problem;
  std::optional<cache::Bytes> bytes = store_->find(key, &problem);
  if (!problem.empty()) warn("an entry in " + store_->path() + " " + problem + "; it is made again");
  return bytes;
}

void ArtifactCache::put(std::span<const std::byte> key, std::span<const std::byte> content) {
  if (!store_) return;
  if (base::Status kept = store_->put(key, content); !kept) warn(kept.take_error().message);
}

void ArtifactCache::warn(std::string text) {
  if (!std::exchange(has_warned_, true)) warning_ = "the cache of compiled code: " + std::move(text);
}

std::string ArtifactCache::take_warning() { return std::exchange(warning_, {}); }

}  // namespace metate::driver
