// directory – the folder of the cache: whether it can be trusted, and files in it by name.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/cache/entry.h"

namespace metate::cache {

/// What is said of a file whose content is not what was written.
inline constexpr const char* kDamaged = "is damaged";

/// A file descriptor that closes itself.
class METATE_API File {
 public:
  explicit File(int descriptor = -1) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File();
  explicit operator bool() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

/// What is said of a file without opening it.
struct FileStatus {
  uint64_t bytes;
  int64_t used;  // seconds since 1970, when it was last written or touched
};

/// Every access goes through the descriptor of the folder, so that renaming it or a link in its place changes nothing.
class METATE_API Directory {
 public:
  /// Makes the folder, for its owner alone, where it is missing. An Error where it belongs to somebody else, others may
  /// write to it, or it cannot be made.
  static base::Result<Directory> open(const std::string& path);

  /// A regular file that this user owns and nobody else may write to; nothing for links, folders and others' files.
  /// `problem` says what is wrong with one that is there and is not read.
  std::optional<Bytes> read(const std::string& name, std::string& problem) const;
  /// All of the file or none of it, at any instant: written under another name, then renamed.
  base::Status write(const std::string& name, std::span<const std::byte> bytes) const;
  /// Marks the file as used now.
  void touch(const std::string& name) const;
  void remove(const std::string& name) const;
  /// Opens a file, making it where it is missing, for nothing but a lock on it.
  File open_lock(const std::string& name) const;
  /// Whether the open file is what the name still leads to.
  bool is_same(const File& file, const std::string& name) const;
  void each(const std::function<void(const std::string& name, const FileStatus& status)>& visit) const;

 private:
  explicit Directory(File folder) : folder_(std::move(folder)) {}
  File folder_;
};

}  // namespace metate::cache
