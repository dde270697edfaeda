#include "runtime/ze_software/memory.h"

#include <atomic>
#include <bit>
#include <mutex>
#include <utility>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/last_error.h"
#include "runtime/ze_software/shared_memory.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {
namespace {

constexpr size_t kMaxAlignment = kHugePage;

/// Where the chain of a descriptor wants the memory to be.
struct Place {
  bool in_file = false;  // from the beginning
  int imported = -1;     // the descriptor of a file that is there
};

ze_result_t check_file_type(ze_external_memory_type_flags_t flags) {
  constexpr ze_external_memory_type_flags_t known = 0xff;
  if (flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  return flags & ~kExternalMemoryTypes ? ZE_RESULT_ERROR_UNSUPPORTED_ENUMERATION : ZE_RESULT_SUCCESS;
}

ze_result_t read_place(const void* chain, Place* place) {
  if (find_extension<void>(chain, ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_IMPORT_WIN32)) {
    return ZE_RESULT_ERROR_UNSUPPORTED_ENUMERATION;
  }
  if (const auto* wanted = find_extension<const ze_external_memory_export_desc_t>(
          chain, ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_EXPORT_DESC)) {
    if (ze_result_t bad = check_file_type(wanted->flags)) return bad;
    place->in_file = true;
  }
  if (const auto* given =
          find_extension<const ze_external_memory_import_fd_t>(chain, ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_IMPORT_FD)) {
    if (ze_result_t bad = check_file_type(given->flags)) return bad;
    if (given->fd < 0) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    place->imported = given->fd;
  }
  if (find_extension<void>(chain, newer::kIpcMemoryHandleTypeDesc)) {
    if (ze_result_t bad = check_ipc_type(chain)) return bad;
    place->in_file = true;
  }
  return ZE_RESULT_SUCCESS;
}

/// Whether the program asks for what is more than the device's largest size.
bool is_size_relaxed(const void* chain) {
  const auto* limits = find_extension<const ze_relaxed_allocation_limits_exp_desc_t>(
      chain, ZE_STRUCTURE_TYPE_RELAXED_ALLOCATION_LIMITS_EXP_DESC);
  return limits && limits->flags & ZE_RELAXED_ALLOCATION_LIMITS_EXP_FLAG_MAX_SIZE;
}

/// The memory of a descriptor's file, which the program keeps.
ze_result_t import_memory(int descriptor, size_t size, size_t alignment, std::shared_ptr<MemoryBlock>* memory) {
  std::shared_ptr<SharedFile> file = exported_file(descriptor);
  if (!file) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (size > file->size()) return explain_error(ZE_RESULT_ERROR_INVALID_SIZE, "the exported memory is smaller");
  if (alignment > page_size()) return ZE_RESULT_ERROR_UNSUPPORTED_ALIGNMENT;
  *memory = MemoryBlock::of_file(std::move(file));
  return ZE_RESULT_SUCCESS;
}

/// `chain` is that of the first descriptor.
ze_result_t allocate(ze_context_handle_t context, size_t size, size_t alignment, ze_memory_type_t type,
                     ze_device_handle_t device, const void* chain, void** pointer) {
  if (size == 0) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  Place place;
  if (ze_result_t bad = read_place(chain, &place)) return bad;
  auto& owner = *static_cast<Context*>(context);
  if (size > owner.driver.device.memory_bytes && !is_size_relaxed(chain)) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  if (alignment && (!std::has_single_bit(alignment) || alignment > kMaxAlignment)) {
    return ZE_RESULT_ERROR_UNSUPPORTED_ALIGNMENT;
  }
  std::shared_ptr<MemoryBlock> memory;
  if (place.imported >= 0) {
    if (ze_result_t bad = import_memory(place.imported, size, alignment, &memory)) return bad;
  } else {
    memory = MemoryBlock::on_heap(size, alignment, place.in_file || type == ZE_MEMORY_TYPE_DEVICE);
    if (memory && place.in_file && !memory->share(MemoryBlock::Contents::kNone)) memory = nullptr;
  }
  if (!memory) {
    return type == ZE_MEMORY_TYPE_HOST ? ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY : ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY;
  }
  const Allocation what{.size = size, .type = type, .device = static_cast<Device*>(device)};
  *pointer = owner.allocations.add(std::move(memory), what);
  return ZE_RESULT_SUCCESS;
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

uint64_t next_allocation_id() {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(1);
}

void* AllocationMap::add(std::shared_ptr<MemoryBlock> memory, Allocation what) {
  what.base = memory->base();
  what.id = next_allocation_id();
  std::unique_lock lock(mutex_);
  by_base_[reinterpret_cast<uintptr_t>(what.base)] = {what, std::move(memory)};
  return what.base;
}

std::shared_ptr<MemoryBlock> AllocationMap::take(const void* base, Origin origin) {
  std::unique_lock lock(mutex_);
  const auto found = by_base_.find(reinterpret_cast<uintptr_t>(base));
  if (found == by_base_.end() || found->second.what.origin != origin) return nullptr;
  std::shared_ptr<MemoryBlock> memory = std::move(found->second.memory);
  by_base_.erase(found);
  return memory;
}

std::shared_ptr<MemoryBlock> AllocationMap::memory_at(const void* base, Origin origin) const {
  std::shared_lock lock(mutex_);
  const auto found = by_base_.find(reinterpret_cast<uintptr_t>(base));
  return found != by_base_.end() && found->second.what.origin == origin ? found->second.memory : nullptr;
}

std::vector<Allocation> AllocationMap::all() const {
  std::shared_lock lock(mutex_);
  std::vector<Allocation> found;
  for (const auto& [base, entry] : by_base_) found.push_back(entry.what);
  return found;
}

const AllocationMap::Entry* AllocationMap::entry_of(const void* address) const {
  const auto wanted = reinterpret_cast<uintptr_t>(address);
  const auto next = by_base_.upper_bound(wanted);
  if (next == by_base_.begin()) return nullptr;
  const auto& [base, entry] = *std::prev(next);
  return wanted - base < entry.what.size ? &entry : nullptr;
}

bool AllocationMap::set_atomic_access(const void* start, size_t size, uint32_t attribute) {
  std::unique_lock lock(mutex_);
  auto* const entry = const_cast<Entry*>(entry_of(start));
  if (!entry) return false;
  const auto offset = static_cast<size_t>(static_cast<const char*>(start) - static_cast<char*>(entry->what.base));
  if (size > entry->what.size - offset) return false;
  entry->what.atomic_access = attribute;
  return true;
}

std::optional<Allocation> AllocationMap::find(const void* address) const {
  std::shared_lock lock(mutex_);
  const Entry* const entry = entry_of(address);
  return entry ? std::optional(entry->what) : std::nullopt;
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
  const bool taken = static_cast<Context*>(context)->allocations.take(pointer, Origin::kAllocated) != nullptr;
  return taken ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

ze_result_t zeMemFreeExt(ze_context_handle_t context, const ze_memory_free_ext_desc_t* desc, void* pointer) {
  if (ze_result_t bad = require({context}, {desc, pointer})) return bad;
  if (desc->freePolicy & ~kFreePolicies) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  auto& owner = *static_cast<Context*>(context);
  const std::shared_ptr<MemoryBlock> memory = owner.allocations.take(pointer, Origin::kAllocated);
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
  properties->pageSize = found.base ? page_size() : 0;
  if (device) *device = found.device;
  auto* file =
      find_extension<ze_external_memory_export_fd_t>(properties->pNext, ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_EXPORT_FD);
  return file ? export_memory(*static_cast<Context*>(context), pointer, file) : ZE_RESULT_SUCCESS;
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
