// shared_file – memory that several processes can map: a nameless file of a size that nobody can change any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace metate::ze_software {

size_t page_size();
/// The smallest number of bytes in whole pages that has room for so many.
size_t in_whole_pages(size_t bytes);

class SharedFile {
 public:
  /// Of whole pages, all 0. Null when there is no memory or no descriptor.
  static std::shared_ptr<SharedFile> create(size_t bytes);
  /// Of a descriptor, which it owns from now on; null where that is no file of this kind, and it is closed.
  static std::shared_ptr<SharedFile> adopt(int descriptor);
  ~SharedFile();

  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;

  int descriptor() const { return descriptor_; }
  size_t size() const { return size_; }

  /// What tells the file from all others of the machine, in every process.
  struct Identity {
    uint64_t device = 0, inode = 0;
    auto operator<=>(const Identity&) const = default;
  };
  Identity identity() const { return identity_; }
  static Identity identity_of(int descriptor);

  /// All of it, to be read and written, until the last owner lets go; null when there are no addresses.
  std::shared_ptr<void> map() const;
  /// All of it at these addresses, instead of what is there.
  bool map_over(void* pages) const;

  /// At the beginning of the file; false when there is no memory.
  bool write(const void* data, size_t bytes) const;

 private:
  SharedFile(int descriptor, size_t size) : descriptor_(descriptor), size_(size), identity_(identity_of(descriptor)) {}

  const int descriptor_;
  const size_t size_;
  const Identity identity_;
};

}  // namespace metate::ze_software
