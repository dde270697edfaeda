// artifact_cache – artifacts that earlier processes made, found before anything is inferred.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "compiler/driver/artifact.h"
#include "compiler/driver/cache_key.h"
#include "runtime/cache/store.h"
#include "runtime/jit/host_cpu.h"

namespace metate::driver {

struct CacheCounts {
  uint64_t hits = 0;
  uint64_t misses = 0;
  uint64_t uncachable = 0;  // compiles that depend on what has no content
};

class ArtifactCache {
 public:
  /// Null where the cache is off: METATE_CACHE=1 turns it on. What fails later makes it a cache without entries.
  static std::unique_ptr<ArtifactCache> from_environment(const jit::HostCpu& cpu);

  /// What else than its key's functions decides about an artifact.
  const std::string& machine() const { return machine_; }

  std::optional<Artifact> find(const CacheKey& key, ir::Universe& universe);
  /// Whoever holds it makes the artifact; it may have been made while we waited.
  cache::Claim claim(const CacheKey& key);
  /// Keeps an artifact, if other processes can use it.
  void put(const CacheKey& key, const Artifact& artifact, const ir::Universe& universe);

  /// What went wrong, the first time that it is asked after it did.
  std::string take_warning();
  const cache::Store* store() const { return store_.get(); }
  CacheCounts counts;

 private:
  void warn(std::string text);

  std::string machine_;
  std::unique_ptr<cache::Store> store_;  // null where there is no folder to be used
  std::string warning_;
  bool has_warned_ = false;
};

}  // namespace metate::driver
