// memory_block – the memory of one allocation: of this process alone, or a file that others map too.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>

#include "runtime/ze_software/shared_file.h"

namespace metate::ze_software {

inline constexpr size_t kHugePage = size_t{1} << 21;

/// Goes with its last owner. Safe to use from several threads.
class MemoryBlock {
 public:
  /// `alignment` is a power of two. One that is to be shared later begins on a page and has its pages for itself. Null
  /// when there is no memory.
  static std::shared_ptr<MemoryBlock> on_heap(size_t size, size_t alignment, bool shareable);
  static std::shared_ptr<MemoryBlock> of_file(std::shared_ptr<SharedFile> file);
  ~MemoryBlock();

  MemoryBlock(const MemoryBlock&) = delete;
  MemoryBlock& operator=(const MemoryBlock&) = delete;

  void* base() const { return base_; }
  size_t size() const { return size_; }
  bool is_shareable() const { return shareable_; }

  enum class Contents { kKept, kNone };  // none: nobody uses the block yet
  /// The file that holds it, at the same address; a shareable block of the heap becomes one, which no operation of a
  /// queue sees. All memory as files from the beginning would cost its huge pages and a descriptor each. Null when
  /// there is no memory for that, or it is not shareable.
  std::shared_ptr<SharedFile> share(Contents contents);

 private:
  MemoryBlock(void* base, size_t size, bool shareable) : base_(base), size_(size), shareable_(shareable) {}
  bool move_to(const SharedFile& file);

  void* const base_;
  const size_t size_;
  const bool shareable_;
  std::mutex mutex_;
  std::shared_ptr<SharedFile> file_;
  std::shared_ptr<void> mapping_;  // null: the memory is the heap's
};

}  // namespace metate::ze_software
