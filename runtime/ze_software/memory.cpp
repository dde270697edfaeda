#include "runtime/ze_software/memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {
namespace {

constexpr size_t kMinAlignment = 64;
constexpr size_t kHugePage = size_t{1} << 21;
constexpr size_t kMaxAlignment = kHugePage;
constexpr size_t kOnHugePagesFrom = 2 * kHugePage;
constexpr uint64_t kPageSize = 4096;

/// Memory of other processes and devices, which the device says it cannot share.
ze_result_t check_extensions(const void* chain) {
  for (ze_structure_type_t type :
       {ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_EXPORT_DESC, ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_IMPORT_FD,
        ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_IMPORT_WIN32}) {
    if (find_extension<void>(chain, type)) return ZE_RESULT_ERROR_UNSUPPORTED_ENUMERATION;
  }
  return ZE_RESULT_SUCCESS;
}

/// Whether the program asks for what is more than the device's largest size.
bool is_size_relaxed(const void* chain) {
  const auto* limits = find_extension<const ze_relaxed_allocation_limits_exp_desc_t>(
      chain, ZE_STRUCTURE_TYPE_RELAXED_ALLOCATION_LIMITS_EXP_DESC);
  return limits && limits->flags & ZE_RELAXED_ALLOCATION_LIMITS_EXP_FLAG_MAX_SIZE;
}

/// `chain` is that of the first descriptor.
ze_result_t allocate(ze_context_handle_t context, size_t size, size_t alignment, ze_memory_type_t type,
                     ze_device_handle_t device, const void* chain, void** pointer) {
  if (size == 0) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  if (ze_result_t bad = check_extensions(chain)) return bad;
  auto& owner = *static_cast<Context*>(context);
  if (size > owner.driver.device.memory_bytes && !is_size_relaxed(chain)) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
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

uint64_t next_allocation_id() {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(1);
}

void* AllocationMap::allocate(size_t size, size_t alignment, ze_memory_type_t type, Device* device) {
  alignment = std::max(alignment, kMinAlignment);
  const bool on_huge_pages = size >= kOnHugePagesFrom;
  if (on_huge_pages) alignment = std::max(alignment, kHugePage);
  if (size > SIZE_MAX - alignment) return nullptr;
  void* const base = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!base) return nullptr;
  // A hint: without huge pages everything works, only slower.
  if (on_huge_pages) madvise(base, size, MADV_HUGEPAGE);
  std::unique_lock lock(mutex_);
  by_base_[reinterpret_cast<uintptr_t>(base)] = {base, size, type, next_allocation_id(), device};
  return base;
}

std::shared_ptr<void> AllocationMap::take(void* base) {
  std::unique_lock lock(mutex_);
  if (by_base_.erase(reinterpret_cast<uintptr_t>(base)) == 0) return nullptr;
  return {base, std::free};
}

std::vector<Allocation> AllocationMap::all() const {
  std::shared_lock lock(mutex_);
  std::vector<Allocation> found;
  for (const auto& [base, allocation] : by_base_) found.push_back(allocation);
  return found;
}

bool AllocationMap::set_atomic_access(const void* start, size_t size, uint32_t attribute) {
  const auto wanted = reinterpret_cast<uintptr_t>(start);
  std::unique_lock lock(mutex_);
  auto next = by_base_.upper_bound(wanted);
  if (next == by_base_.begin()) return false;
  Allocation& candidate = std::prev(next)->second;
  const uintptr_t offset = wanted - reinterpret_cast<uintptr_t>(candidate.base);
  if (offset >= candidate.size || size > candidate.size - offset) return false;
  candidate.atomic_access = attribute;
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
  if (device_desc->ordinal != 0) return ZE_RESULT_ERROR_INVALID_ARGUMENT;  // the device has one memory
  return allocate(context, size, alignment, ZE_MEMORY_TYPE_SHARED, device, device_desc->pNext, pointer);
}

ze_result_t zeMemAllocDevice(ze_context_handle_t context, const ze_device_mem_alloc_desc_t* desc, size_t size,
                             size_t alignment, ze_device_handle_t device, void** pointer) {
  if (ze_result_t bad = require({context, device}, {desc, pointer})) return bad;
  if (!known_flags(*desc)) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->ordinal != 0) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  return allocate(context, size, alignment, ZE_MEMORY_TYPE_DEVICE, device, desc->pNext, pointer);
}

ze_result_t zeMemAllocHost(ze_context_handle_t context, const ze_host_mem_alloc_desc_t* desc, size_t size,
                           size_t alignment, void** pointer) {
  if (ze_result_t bad = require({context}, {desc, pointer})) return bad;
  if (!known_flags(*desc)) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  return allocate(context, size, alignment, ZE_MEMORY_TYPE_HOST, nullptr, desc->pNext, pointer);
}

ze_result_t zeMemFree(ze_context_handle_t context, void* pointer) {
  if (ze_result_t bad = require({context}, {pointer})) return bad;
  return static_cast<Context*>(context)->allocations.take(pointer) ? ZE_RESULT_SUCCESS
                                                                   : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

ze_result_t zeMemFreeExt(ze_context_handle_t context, const ze_memory_free_ext_desc_t* desc, void* pointer) {
  if (ze_result_t bad = require({context}, {desc, pointer})) return bad;
  if (desc->freePolicy & ~kFreePolicies) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  auto& owner = *static_cast<Context*>(context);
  const std::shared_ptr<void> memory = owner.allocations.take(pointer);
  if (!memory) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (desc->freePolicy == 0) return ZE_RESULT_SUCCESS;
  const bool blocking = desc->freePolicy & ZE_DRIVER_MEMORY_FREE_POLICY_EXT_FLAG_BLOCKING_FREE;
  for (const std::shared_ptr<Stream>& stream : owner.streams.all()) {
    blocking ? stream->finish() : stream->keep_until_done(memory);
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeMemGetAllocProperties(ze_context_handle_t context, const void* pointer,
                                    ze_memory_allocation_properties_t* properties, ze_device_handle_t* device) {
  if (ze_result_t bad = require({context}, {pointer, properties})) return bad;
  const Allocation found = static_cast<const Context*>(context)->find_memory(pointer).value_or(Allocation{});
  properties->type = found.type;
  properties->id = found.id;
  properties->pageSize = found.base ? kPageSize : 0;
  if (device) *device = found.device;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeMemGetAddressRange(ze_context_handle_t context, const void* pointer, void** base, size_t* size) {
  if (ze_result_t bad = require({context}, {pointer})) return bad;
  const std::optional<Allocation> found = static_cast<const Context*>(context)->find_memory(pointer);
  if (!found) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (base) *base = found->base;
  if (size) *size = found->size;
  return ZE_RESULT_SUCCESS;
}

// A CPU makes every atomic operation on all memory; what a program rules out is only remembered.
ze_result_t zeMemSetAtomicAccessAttributeExp(ze_context_handle_t context, ze_device_handle_t device,
                                             const void* pointer, size_t size, uint32_t attribute) {
  if (ze_result_t bad = require({context, device}, {pointer})) return bad;
  if (size == 0) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  if (attribute == 0 || attribute >= newer::kSystemAtomics << 1) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  const bool set = static_cast<Context*>(context)->allocations.set_atomic_access(pointer, size, attribute);
  return set ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

ze_result_t zeMemGetAtomicAccessAttributeExp(ze_context_handle_t context, ze_device_handle_t device,
                                             const void* pointer, size_t size, uint32_t* attribute) {
  if (ze_result_t bad = require({context, device}, {pointer, attribute})) return bad;
  const std::optional<Allocation> found = static_cast<const Context*>(context)->find_memory(pointer);
  if (!found) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  *attribute = found->atomic_access;
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
