#include "runtime/ze_software/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"

namespace metate::ze_software {
namespace {

constexpr size_t kMinAlignment = 64;
constexpr size_t kHugePage = size_t{1} << 21;
constexpr size_t kMaxAlignment = kHugePage;
constexpr size_t kOnHugePagesFrom = 2 * kHugePage;
constexpr uint64_t kPageSize = 4096;

ze_result_t allocate(ze_context_handle_t context, size_t size, size_t alignment, ze_memory_type_t type,
                     ze_device_handle_t device, void** pointer) {
  if (size == 0) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  auto& owner = *static_cast<Context*>(context);
  if (size > owner.driver.device.memory_bytes) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  if (alignment && (!std::has_single_bit(alignment) || alignment > kMaxAlignment)) {
    return ZE_RESULT_ERROR_UNSUPPORTED_ALIGNMENT;
  }
  *pointer = owner.allocations.allocate(size, alignment, type, static_cast<Device*>(device));
  if (*pointer) return ZE_RESULT_SUCCESS;
  return type == ZE_MEMORY_TYPE_HOST ? ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY : ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY;
}

bool known_flags(const ze_device_mem_alloc_desc_t& desc) {
  constexpr ze_device_mem_alloc_flags_t known = ZE_DEVICE_MEM_ALLOC_FLAG_BIAS_CACHED |
                                                ZE_DEVICE_MEM_ALLOC_FLAG_BIAS_UNCACHED |
                                                ZE_DEVICE_MEM_ALLOC_FLAG_BIAS_INITIAL_PLACEMENT;
  return !(desc.flags & ~known);
}

bool known_flags(const ze_host_mem_alloc_desc_t& desc) {
  constexpr ze_host_mem_alloc_flags_t known =
      ZE_HOST_MEM_ALLOC_FLAG_BIAS_CACHED | ZE_HOST_MEM_ALLOC_FLAG_BIAS_UNCACHED |
      ZE_HOST_MEM_ALLOC_FLAG_BIAS_WRITE_COMBINED | ZE_HOST_MEM_ALLOC_FLAG_BIAS_INITIAL_PLACEMENT;
  return !(desc.flags & ~known);
}

}  // namespace

AllocationMap::~AllocationMap() {
  for (auto& [base, allocation] : by_base_) std::free(allocation.base);
}

void* AllocationMap::allocate(size_t size, size_t alignment, ze_memory_type_t type, Device* device) {
  static std::atomic<uint64_t> next_id{1};
  alignment = std::max(alignment, kMinAlignment);
  const bool on_huge_pages = size >= kOnHugePagesFrom;
  if (on_huge_pages) alignment = std::max(alignment, kHugePage);
  if (size > SIZE_MAX - alignment) return nullptr;
  void* const base = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!base) return nullptr;
  // A hint: without huge pages everything works, only slower.
  if (on_huge_pages) madvise(base, size, MADV_HUGEPAGE);
  std::unique_lock lock(mutex_);
  by_base_[reinterpret_cast<uintptr_t>(base)] = {base, size, type, next_id.fetch_add(1), device};
  return base;
}

bool AllocationMap::release(void* base) {
  {
    std::unique_lock lock(mutex_);
    if (by_base_.erase(reinterpret_cast<uintptr_t>(base)) == 0) return false;
  }
  std::free(base);
  return true;
}

std::optional<Allocation> AllocationMap::find(const void* address) const {
  const auto wanted = reinterpret_cast<uintptr_t>(address);
  std::shared_lock lock(mutex_);
  auto next = by_base_.upper_bound(wanted);
  if (next == by_base_.begin()) return std::nullopt;
  const Allocation& candidate = std::prev(next)->second;
  if (wanted - reinterpret_cast<uintptr_t>(candidate.base) >= candidate.size) return std::nullopt;
  return candidate;
}

ze_result_t zeMemAllocShared(ze_context_handle_t context, const ze_device_mem_alloc_desc_t* device_desc,
                             const ze_host_mem_alloc_desc_t* host_desc, size_t size, size_t alignment,
                             ze_device_handle_t device, void** pointer) {
  if (ze_result_t bad = require({context}, {device_desc, host_desc, pointer})) return bad;
  if (!known_flags(*device_desc) || !known_flags(*host_desc)) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  return allocate(context, size, alignment, ZE_MEMORY_TYPE_SHARED, device, pointer);
}

ze_result_t zeMemAllocDevice(ze_context_handle_t context, const ze_device_mem_alloc_desc_t* desc, size_t size,
                             size_t alignment, ze_device_handle_t device, void** pointer) {
  if (ze_result_t bad = require({context, device}, {desc, pointer})) return bad;
  if (!known_flags(*desc)) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  return allocate(context, size, alignment, ZE_MEMORY_TYPE_DEVICE, device, pointer);
}

ze_result_t zeMemAllocHost(ze_context_handle_t context, const ze_host_mem_alloc_desc_t* desc, size_t size,
                           size_t alignment, void** pointer) {
  if (ze_result_t bad = require({context}, {desc, pointer})) return bad;
  if (!known_flags(*desc)) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  return allocate(context, size, alignment, ZE_MEMORY_TYPE_HOST, nullptr, pointer);
}

ze_result_t zeMemFree(ze_context_handle_t context, void* pointer) {
  if (ze_result_t bad = require({context}, {pointer})) return bad;
  return static_cast<Context*>(context)->allocations.release(pointer) ? ZE_RESULT_SUCCESS
                                                                      : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

ze_result_t zeMemGetAllocProperties(ze_context_handle_t context, const void* pointer,
                                    ze_memory_allocation_properties_t* properties, ze_device_handle_t* device) {
  if (ze_result_t bad = require({context}, {pointer, properties})) return bad;
  const Allocation found = static_cast<Context*>(context)->allocations.find(pointer).value_or(Allocation{});
  properties->type = found.type;
  properties->id = found.id;
  properties->pageSize = found.base ? kPageSize : 0;
  if (device) *device = found.device;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeMemGetAddressRange(ze_context_handle_t context, const void* pointer, void** base, size_t* size) {
  if (ze_result_t bad = require({context}, {pointer})) return bad;
  const std::optional<Allocation> found = static_cast<Context*>(context)->allocations.find(pointer);
  if (!found) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (base) *base = found->base;
  if (size) *size = found->size;
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
