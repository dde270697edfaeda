#include "compiler/ir/interpret/memory.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

#include "runtime/base/assert.h"

namespace metate::ir {
namespace {

constexpr std::align_val_t kAlignment{64};
constexpr int kPattern = 0xa5;  // no number that tests would take for a result

}  // namespace

Memory::Block::~Block() { ::operator delete(bytes, kAlignment); }

abi::Owner* Memory::allocate(int64_t bytes) {
  if (bytes < 0 || bytes > limit_ - used_) return nullptr;
  auto block = std::make_unique<Block>();
  auto size = static_cast<size_t>(std::max<int64_t>(bytes, 1));
  block->bytes = static_cast<std::byte*>(::operator new(size, kAlignment));
  std::memset(block->bytes, kPattern, size);
  block->owner = {.count = 1, .bytes = bytes, .destroy = destroy};
  used_ += bytes;
  abi::Owner* owner = &block->owner;
  blocks_.emplace(owner, std::move(block));
  return owner;
}

bool Memory::release(abi::Owner* owner) {
  if (owner->count <= 0) return false;
  if (--owner->count != 0) return true;
  auto found = blocks_.find(owner);
  if (found == blocks_.end()) {
    owner->destroy(owner);
    return true;
  }
  used_ -= owner->bytes;
  ::operator delete(std::exchange(found->second->bytes, nullptr), kAlignment);  // the owner itself stays
  return true;
}

size_t Memory::live_blocks() const {
  return static_cast<size_t>(std::ranges::count_if(blocks_, [](const auto& entry) { return entry.first->count > 0; }));
}

void Memory::hand_over(abi::Owner* owner) {
  auto found = blocks_.find(owner);
  if (found == blocks_.end()) return;
  used_ -= owner->bytes;
  found->second.release();
  blocks_.erase(found);
}

void Memory::destroy(abi::Owner* owner) {
  static_assert(offsetof(Block, owner) == 0);
  delete reinterpret_cast<Block*>(owner);
}

}  // namespace metate::ir
