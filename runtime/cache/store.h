// store – content by key in a folder, shared by the processes of one user, of bounded size.
//
// Entries are never changed: a reader sees a whole one or none, and never waits for a writer. Whatever goes wrong is a
// miss. The least recently used entries go where there are too many bytes.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/cache/directory.h"

namespace metate::cache {

/// Being the one who makes an entry, until it goes out of scope. Nobody is kept from reading or writing without it.
class METATE_API Claim {
 public:
  Claim() = default;
  Claim(Claim&&) noexcept = default;
  Claim& operator=(Claim&&) = delete;
  ~Claim();
  bool is_held() const { return static_cast<bool>(lock_); }
  /// Somebody else has it. Neither is true where there are no locks: then everybody makes entries.
  bool is_busy() const { return is_busy_; }

 private:
  friend class Store;
  static Claim busy() {
    Claim claim;
    claim.is_busy_ = true;
    return claim;
  }
  Claim(const Directory* folder, File lock, std::string name)
      : folder_(folder), lock_(std::move(lock)), name_(std::move(name)) {}
  const Directory* folder_ = nullptr;
  File lock_;
  std::string name_;
  bool is_busy_ = false;
};

struct StoreInfo {
  std::string path;
  uint64_t entries = 0;
  uint64_t bytes = 0;
  uint64_t limit = 0;    // of bytes
  uint64_t damaged = 0;  // entries: counted by verify() alone
};

class METATE_API Store {
 public:
  static constexpr uint64_t kDefaultLimit = uint64_t{1} << 30;

  static base::Result<std::unique_ptr<Store>> open(std::string path, uint64_t limit = kDefaultLimit);
  /// As the environment says (settings.h).
  static base::Result<std::unique_ptr<Store>> open_default();

  /// `problem`, if given, says why an entry that is there is not used.
  std::optional<Bytes> find(std::span<const std::byte> key, std::string* problem = nullptr) const;
  /// Does not wait. The claim of a process that ends, however it does, is nobody's.
  Claim claim(std::span<const std::byte> key) const;
  base::Status put(std::span<const std::byte> key, std::span<const std::byte> content) const;

  const std::string& path() const { return path_; }
  StoreInfo info() const;
  /// As `info`, after reading every entry and removing the damaged ones.
  StoreInfo verify() const;
  /// Removes everything that is the cache's, and says what that was.
  StoreInfo clear() const;

 private:
  Store(std::string path, Directory folder, uint64_t limit)
      : path_(std::move(path)), folder_(std::move(folder)), limit_(limit), unswept_(limit) {}
  void evict() const;

  std::string path_;
  Directory folder_;
  uint64_t limit_;
  mutable std::atomic<uint64_t> unswept_;  // bytes that were put since this process last looked at all entries
};

}  // namespace metate::cache
