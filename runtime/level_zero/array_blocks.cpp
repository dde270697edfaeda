#include "runtime/level_zero/array_blocks.h"

#include <new>
#include <utility>

#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/memory.h"

namespace metate::level_zero {
namespace {

struct Block {
  std::shared_ptr<Device> device;  // before what lies on it
  Allocation memory;
};

/// What stands at the beginning of the memory.
struct BlockOwner {
  abi::Owner owner;
  Block* block;
};
static_assert(sizeof(BlockOwner) <= abi::kOwnerDataOffset);

void destroy(abi::Owner* owner) { delete reinterpret_cast<BlockOwner*>(owner)->block; }

}  // namespace

base::Result<abi::Owner*> allocate_array(const std::shared_ptr<Device>& device, int64_t bytes) {
  if (bytes < 0 || bytes > INT64_MAX - abi::kOwnerDataOffset)
    return base::Error{base::ErrorCode::kOutOfMemory, "no memory has as many bytes"};
  const auto size = static_cast<size_t>(bytes + abi::kOwnerDataOffset);
  base::Result<Allocation> memory = device->memory().allocate(MemoryKind::kShared, size);
  if (!memory) return memory.take_error();
  auto* block = new Block{device, std::move(*memory)};
  auto* made =
      new (block->memory.data()) BlockOwner{.owner = {.count = 1, .bytes = bytes, .destroy = destroy}, .block = block};
  return &made->owner;
}

}  // namespace metate::level_zero
