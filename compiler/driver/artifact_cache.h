// artifact_cache – what earlier processes compiled, as bytes by key; whatever goes wrong is a miss and said once.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "runtime/cache/store.h"
#include "runtime/jit/host_cpu.h"

namespace metate::driver {

struct CacheCounts {
  uint64_t hits = 0;
  uint64_t misses = 0;
  uint64_t uncachable = 0;  // compiles that depend on what has no content
};

/// Not thread-safe: the session locks.
class METATE_API ArtifactCache {
 public:
  /// Null where the cache is off: METATE_CACHE=0. What fails later makes it a cache without entries.
  static std::unique_ptr<ArtifactCache> from_environment(const jit::HostCpu& cpu);

  /// What else than its key's functions decides about an artifact.
  const std::string& machine() const { return machine_; }

  std::optional<cache::Bytes> find(std::span<const std::byte> key);
  /// Whoever holds it makes the entry; it may have been made before it was got. Does not wait.
  cache::Claim claim(std::span<const std::byte> key) { return store_ ? store_->claim(key) : cache::Claim(); }
  void put(std::span<const std::byte> key, std::span<const std::byte> content);

  /// What went wrong, the first time that it is asked after it did.
  std::string take_warning();
  /// The folder; empty where it cannot be used.
  std::string path() const { return store_ ? store_->path() : ""; }
  CacheCounts counts;

 private:
  void warn(std::string text);

  std::string machine_;
  std::unique_ptr<cache::Store> store_;  // null where there is no folder to be used
  std::string warning_;
  bool has_warned_ = false;
};

}  // namespace metate::driver
