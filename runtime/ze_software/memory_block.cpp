#include "runtime/ze_software/memory_block.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "runtime/ze_software/execution_gate.h"

namespace metate::ze_software {
namespace {

constexpr size_t kMinAlignment = 64;
constexpr size_t kOnHugePagesFrom = 2 * kHugePage;

}  // namespace

std::shared_ptr<MemoryBlock> MemoryBlock::on_heap(size_t size, size_t alignment, bool shareable) {
  alignment = std::max(alignment, shareable ? page_size() : kMinAlignment);
  const bool on_huge_pages = size >= kOnHugePagesFrom;
  if (on_huge_pages) alignment = std::max(alignment, kHugePage);
  if (size > SIZE_MAX - alignment) return nullptr;
  void* const base = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!base) return nullptr;
  // A hint: without huge pages everything works, only slower.
  if (on_huge_pages) madvise(base, size, MADV_HUGEPAGE);
  return std::shared_ptr<MemoryBlock>(new MemoryBlock(base, size, shareable));
}

std::shared_ptr<MemoryBlock> MemoryBlock::of_file(std::shared_ptr<SharedFile> file) {
  std::shared_ptr<void> mapping = file->map();
  if (!mapping) return nullptr;
  std::shared_ptr<MemoryBlock> block(new MemoryBlock(mapping.get(), file->size(), true));
  block->file_ = std::move(file);
  block->mapping_ = std::move(mapping);
  return block;
}

MemoryBlock::~MemoryBlock() {
  if (mapping_) return;
  // The heap gets pages of this process alone back, or nothing: it will write to them.
  const bool restored = !file_ || mmap(base_, file_->size(), PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
  if (restored) std::free(base_);
}

std::shared_ptr<SharedFile> MemoryBlock::share(Contents contents) {
  std::lock_guard lock(mutex_);
  if (file_ || !shareable_) return file_;
  std::shared_ptr<SharedFile> file = SharedFile::create(size_);
  if (!file) return nullptr;
  if (!(contents == Contents::kKept ? move_to(*file) : file->map_over(base_))) return nullptr;
  return file_ = std::move(file);
}

bool MemoryBlock::move_to(const SharedFile& file) {
  const ExecutionPause nobody_writes_to_it;
  return file.write(base_, size_) && file.map_over(base_);
}

}  // namespace metate::ze_software
