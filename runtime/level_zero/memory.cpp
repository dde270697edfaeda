#include "runtime/level_zero/memory.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/error.h"
#include "runtime/level_zero/functions.h"

namespace metate::level_zero {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kSmallest = 256;

/// The next multiple of an eighth of the power of two below: eight steps an octave.
size_t capacity_for(size_t size) {
  size = std::max(size, kSmallest);
  const size_t step = std::max(std::bit_floor(size) / 8, kAlignment);
  return size > SIZE_MAX - step ? size : (size + step - 1) / step * step;
}

}  // namespace

Allocation& Allocation::operator=(Allocation&& other) noexcept {
  std::swap(pool_, other.pool_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  std::swap(alignment_, other.alignment_);
  std::swap(kind_, other.kind_);
  std::swap(owner_, other.owner_);
  return *this;
}

void Allocation::give_back() { pool_->give_back(*this); }

MemoryPool::~MemoryPool() { trim(0); }

base::Result<Allocation> MemoryPool::allocate(MemoryKind kind, size_t size, size_t alignment, MemoryOwner owner) {
  Allocation allocation;
  allocation.size_ = size;
  allocation.capacity_ = capacity_for(size);
  allocation.alignment_ = std::max(alignment, kAlignment);
  allocation.kind_ = kind;
  allocation.owner_ = owner;
  std::unique_lock lock(mutex_);
  auto found = waiting_.find({allocation.capacity_, kind, allocation.alignment_});
  if (found != waiting_.end() && !found->second.empty()) {
    allocation.data_ = found->second.back();
    found->second.pop_back();
    statistics_.pooled_bytes -= allocation.capacity_;
  } else {
    lock.unlock();
    base::Result<void*> fresh = allocate_fresh(kind, allocation.capacity_, allocation.alignment_);
    if (!fresh && fresh.error().code == base::ErrorCode::kOutOfMemory) {
      // What waits of other sizes may be what is missing.
      lock.lock();
      trim(0);
      lock.unlock();
      fresh = allocate_fresh(kind, allocation.capacity_, allocation.alignment_);
    }
    if (!fresh) return fresh.take_error();
    allocation.data_ = *fresh;
    lock.lock();
  }
  allocation.pool_ = this;
  if (owner == MemoryOwner::kLaunch) return allocation;
  statistics_.used_bytes += allocation.capacity_;
  ++statistics_.allocations;
  living_[static_cast<const char*>(allocation.data_)] = {size, kind};
  return allocation;
}

base::Result<void*> MemoryPool::allocate_fresh(MemoryKind kind, size_t capacity, size_t alignment) {
  const Functions& f = device_.functions();
  const ze_device_mem_alloc_desc_t device_desc{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
  const ze_host_mem_alloc_desc_t host_desc{ZE_STRUCTURE_TYPE_HOST_MEM_ALLOC_DESC, nullptr, 0};
  void* data = nullptr;
  base::Status status = base::Success{};
  switch (kind) {
    case MemoryKind::kShared:
      status = check("zeMemAllocShared", f.zeMemAllocShared(device_.context(), &device_desc, &host_desc, capacity,
                                                            alignment, device_.handle(), &data));
      break;
    case MemoryKind::kHost:
      status = check("zeMemAllocHost", f.zeMemAllocHost(device_.context(), &host_desc, capacity, alignment, &data));
      break;
    case MemoryKind::kDevice:
      status = check("zeMemAllocDevice",
                     f.zeMemAllocDevice(device_.context(), &device_desc, capacity, alignment, device_.handle(), &data));
      break;
  }
  if (!status) return status.take_error();
  return data;
}

void MemoryPool::give_back(const Allocation& allocation) {
  std::lock_guard lock(mutex_);
  if (allocation.owner_ == MemoryOwner::kProgram) {
    statistics_.used_bytes -= allocation.capacity_;
    --statistics_.allocations;
    living_.erase(static_cast<const char*>(allocation.data_));
  }
  statistics_.pooled_bytes += allocation.capacity_;
  waiting_[{allocation.capacity_, allocation.kind_, allocation.alignment_}].push_back(allocation.data_);
  trim(limit_);
}

void MemoryPool::set_limit(size_t bytes) {
  std::lock_guard lock(mutex_);
  limit_ = bytes;
  trim(limit_);
}

/// The largest blocks go first: they make room with the fewest calls.
void MemoryPool::trim(size_t limit) {
  while (statistics_.pooled_bytes > limit && !waiting_.empty()) {
    auto largest = std::prev(waiting_.end());
    if (largest->second.empty()) {
      waiting_.erase(largest);
      continue;
    }
    free_block(largest->second.back());
    statistics_.pooled_bytes -= std::get<0>(largest->first);
    largest->second.pop_back();
  }
}

void MemoryPool::free_block(void* data) { (void)device_.functions().zeMemFree(device_.context(), data); }

size_t MemoryPool::limit() const {
  std::lock_guard lock(mutex_);
  return limit_;
}

std::optional<MemoryKind> MemoryPool::kind_of(const void* data, size_t bytes) const {
  std::lock_guard lock(mutex_);
  const auto* address = static_cast<const char*>(data);
  auto behind = living_.upper_bound(address);
  if (behind == living_.begin()) return std::nullopt;
  const auto& [start, block] = *std::prev(behind);
  const auto offset = static_cast<size_t>(address - start);
  if (offset > block.size || bytes > block.size - offset) return std::nullopt;
  return block.kind;
}

MemoryStatistics MemoryPool::statistics() const {
  std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace metate::level_zero
