#include "compiler/driver/artifact_cache.h"

#include <cstdlib>
#include <string_view>
#include <utility>

#include "compiler/driver/artifact_bytes.h"
#include "runtime/cache/build_id.h"

namespace metate::driver {

std::unique_ptr<ArtifactCache> ArtifactCache::from_environment(const jit::HostCpu& cpu) {
  const char* wanted = std::getenv("METATE_CACHE");
  if (!wanted || std::string_view(wanted) != "1") return nullptr;
  auto made = std::make_unique<ArtifactCache>();
  const std::string build = cache::build_id();
  // Builds that cannot be told from each other must not take each other's code.
  if (build.empty()) return nullptr;
  made->machine_ = build + "/" + cpu.key();
  base::Result<std::unique_ptr<cache::Store>> store = cache::Store::open(cache::default_directory());
  if (store) {
    made->store_ = std::move(*store);
  } else {
    made->warn(store.take_error().message);
  }
  return made;
}

std::optional<Artifact> ArtifactCache::find(const CacheKey& key, ir::Universe& universe) {
  if (!store_) return std::nullopt;
  bool damaged = false;
  std::optional<cache::Bytes> bytes = store_->find(key.bytes, &damaged);
  if (damaged) warn("an entry was damaged and is made again");
  return bytes ? read_artifact(*bytes, key.references, universe) : std::nullopt;
}

cache::Claim ArtifactCache::claim(const CacheKey& key) { return store_ ? store_->claim(key.bytes) : cache::Claim(); }

void ArtifactCache::put(const CacheKey& key, const Artifact& artifact, const ir::Universe& universe) {
  if (!store_) return;
  std::optional<std::vector<std::byte>> bytes = write_artifact(artifact, key.references, universe);
  if (!bytes) {
    ++counts.uncachable;
    return;
  }
  if (base::Status kept = store_->put(key.bytes, *bytes); !kept) warn(kept.take_error().message);
}

void ArtifactCache::warn(std::string text) {
  if (!std::exchange(has_warned_, true)) warning_ = "the cache of compiled code: " + std::move(text);
}

std::string ArtifactCache::take_warning() { return std::exchange(warning_, {}); }

}  // namespace metate::driver
