#include "runtime/ze_software/virtual_memory.h"

#include <sys/mman.h>

#include <algorithm>

#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/shared_memory.h"

namespace metate::ze_software {
namespace {

constexpr int kNothing = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

uintptr_t address_of(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

bool is_aligned(uintptr_t value) { return value % page_size() == 0; }

int protection(ze_memory_access_attribute_t access) {
  switch (access) {
    case ZE_MEMORY_ACCESS_ATTRIBUTE_READWRITE:
      return PROT_READ | PROT_WRITE;
    case ZE_MEMORY_ACCESS_ATTRIBUTE_READONLY:
      return PROT_READ;
    case ZE_MEMORY_ACCESS_ATTRIBUTE_NONE:
    case ZE_MEMORY_ACCESS_ATTRIBUTE_FORCE_UINT32:
      break;
  }
  return PROT_NONE;
}

/// The checks of the calls that take a range of reserved pages.
ze_result_t check_range(ze_context_handle_t context, const void* start, size_t size) {
  if (ze_result_t bad = require({context}, {start})) return bad;
  if (!is_aligned(address_of(start))) return ZE_RESULT_ERROR_UNSUPPORTED_ALIGNMENT;
  return size == 0 || !is_aligned(size) ? ZE_RESULT_ERROR_UNSUPPORTED_SIZE : ZE_RESULT_SUCCESS;
}

VirtualMemory& virtual_memory_of(ze_context_handle_t context) { return static_cast<Context*>(context)->virtual_memory; }

}  // namespace

VirtualMemory::~VirtualMemory() {
  for (auto& [base, reservation] : reservations_) munmap(reservation.base, reservation.size);
}

void* VirtualMemory::reserve(const void* start, size_t size) {
  void* base = mmap(const_cast<void*>(start), size, PROT_NONE, kNothing, -1, 0);
  if (base == MAP_FAILED) return nullptr;
  std::lock_guard lock(mutex_);
  reservations_[address_of(base)] = {base, size, next_allocation_id()};
  pieces_[address_of(base)] = {size};
  return base;
}

ze_result_t VirtualMemory::release(const void* base, size_t size) {
  std::lock_guard lock(mutex_);
  auto found = reservations_.find(address_of(base));
  if (found == reservations_.end()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (found->second.size != size) return ZE_RESULT_ERROR_INVALID_SIZE;
  munmap(found->second.base, size);
  reservations_.erase(found);
  pieces_.erase(pieces_.lower_bound(address_of(base)), pieces_.lower_bound(address_of(base) + size));
  return ZE_RESULT_SUCCESS;
}

ze_result_t VirtualMemory::map(const void* start, size_t size, const PhysicalMemory& memory, size_t offset,
                               ze_memory_access_attribute_t access) {
  const SharedFile& file = *memory.file;
  if (offset > file.size() || size > file.size() - offset) return ZE_RESULT_ERROR_INVALID_SIZE;
  std::lock_guard lock(mutex_);
  if (!is_reserved(address_of(start), size)) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  bool occupied = false;
  for_pieces(address_of(start), size, [&](Piece& piece) { occupied |= piece.file != nullptr; });
  if (occupied) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (mmap(const_cast<void*>(start), size, protection(access), MAP_SHARED | MAP_FIXED, file.descriptor(),
           static_cast<off_t>(offset)) == MAP_FAILED) {
    return ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY;
  }
  for_pieces(address_of(start), size, [&](Piece& piece) { piece = {piece.size, access, memory.file}; });
  return ZE_RESULT_SUCCESS;
}

ze_result_t VirtualMemory::unmap(const void* start, size_t size) {
  std::lock_guard lock(mutex_);
  if (!is_reserved(address_of(start), size)) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (mmap(const_cast<void*>(start), size, PROT_NONE, kNothing | MAP_FIXED, -1, 0) == MAP_FAILED) {
    return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
  }
  for_pieces(address_of(start), size, [](Piece& piece) { piece = {piece.size}; });
  return ZE_RESULT_SUCCESS;
}

/// Addresses without memory remember what they are to be, and stay out of reach.
ze_result_t VirtualMemory::set_access(const void* start, size_t size, ze_memory_access_attribute_t access) {
  std::lock_guard lock(mutex_);
  if (!is_reserved(address_of(start), size)) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  auto* at = static_cast<char*>(const_cast<void*>(start));
  ze_result_t result = ZE_RESULT_SUCCESS;
  for_pieces(address_of(start), size, [&](Piece& piece) {
    if (piece.file && mprotect(at, piece.size, protection(access)) != 0) result = ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
    piece.access = access;
    at += piece.size;
  });
  return result;
}

ze_result_t VirtualMemory::get_access(const void* start, size_t size, ze_memory_access_attribute_t* access,
                                      size_t* same) {
  std::lock_guard lock(mutex_);
  if (!is_reserved(address_of(start), size)) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  bool all_same = true;
  *same = 0;
  for_pieces(address_of(start), size, [&](const Piece& piece) {
    if (*same == 0) *access = piece.access;
    all_same &= piece.access == *access;
    if (all_same) *same += piece.size;
  });
  return ZE_RESULT_SUCCESS;
}

std::optional<Reservation> VirtualMemory::find(const void* address) const {
  std::lock_guard lock(mutex_);
  const Piece* piece = piece_of(address_of(address));
  if (!piece || !piece->file) return std::nullopt;
  return *reservation_of(address_of(address));
}

PhysicalMemory* VirtualMemory::add(std::unique_ptr<PhysicalMemory> memory) {
  PhysicalMemory* const made = memory.get();
  std::lock_guard lock(mutex_);
  physical_[made] = std::move(memory);
  return made;
}

bool VirtualMemory::destroy(PhysicalMemory* memory) {
  std::lock_guard lock(mutex_);
  return physical_.erase(memory) != 0;  // mappings keep the pages
}

std::shared_ptr<SharedFile> VirtualMemory::file_of(const void* address_or_memory) const {
  std::lock_guard lock(mutex_);
  if (auto found = physical_.find(address_or_memory); found != physical_.end()) return found->second->file;
  const Piece* piece = piece_of(address_of(address_or_memory));
  return piece ? piece->file : nullptr;
}

const Reservation* VirtualMemory::reservation_of(uintptr_t address) const {
  auto next = reservations_.upper_bound(address);
  if (next == reservations_.begin()) return nullptr;
  const auto& [base, reservation] = *std::prev(next);
  return address - base < reservation.size ? &reservation : nullptr;
}

const VirtualMemory::Piece* VirtualMemory::piece_of(uintptr_t address) const {
  return reservation_of(address) ? &std::prev(pieces_.upper_bound(address))->second : nullptr;
}

bool VirtualMemory::is_reserved(uintptr_t start, size_t size) const {
  const Reservation* reservation = reservation_of(start);
  return reservation && size <= reservation->size - (start - address_of(reservation->base));
}

/// A piece begins at that address, which is reserved or the end of a reservation.
void VirtualMemory::cut_at(uintptr_t address) {
  auto next = pieces_.lower_bound(address);
  if (next == pieces_.begin() || (next != pieces_.end() && next->first == address)) return;
  auto& [begin, piece] = *std::prev(next);
  if (address - begin >= piece.size) return;
  Piece rest = piece;
  rest.size = piece.size - (address - begin);
  piece.size = address - begin;
  pieces_[address] = rest;
}

template <class Each>
void VirtualMemory::for_pieces(uintptr_t start, size_t size, Each each) {
  cut_at(start);
  cut_at(start + size);
  for (auto at = pieces_.find(start); at != pieces_.end() && at->first < start + size; ++at) each(at->second);
}

ze_result_t zePhysicalMemCreate(ze_context_handle_t context, ze_device_handle_t device, ze_physical_mem_desc_t* desc,
                                ze_physical_mem_handle_t* memory) {
  if (ze_result_t bad = require({context, device}, {desc, memory})) return bad;
  constexpr ze_physical_mem_flags_t known = 0x3;  // on the device, on the host: that is the same memory
  if (desc->flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->size == 0 || !is_aligned(desc->size)) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  if (desc->size > static_cast<Context*>(context)->driver.device.memory_bytes) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  if (ze_result_t bad = check_ipc_type(desc->pNext)) return bad;
  std::shared_ptr<SharedFile> file = SharedFile::create(desc->size);
  if (!file) return ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY;
  *memory = virtual_memory_of(context).add(std::make_unique<PhysicalMemory>(std::move(file)));
  return ZE_RESULT_SUCCESS;
}

ze_result_t zePhysicalMemGetProperties(ze_context_handle_t context, ze_physical_mem_handle_t memory,
                                       newer::ze_physical_mem_properties_t* properties) {
  if (ze_result_t bad = require({context, memory}, {properties})) return bad;
  properties->id = static_cast<PhysicalMemory*>(memory)->id;
  properties->size = static_cast<PhysicalMemory*>(memory)->file->size();
  auto* file =
      find_extension<ze_external_memory_export_fd_t>(properties->pNext, ZE_STRUCTURE_TYPE_EXTERNAL_MEMORY_EXPORT_FD);
  return file ? export_memory(*static_cast<Context*>(context), memory, file) : ZE_RESULT_SUCCESS;
}

ze_result_t zePhysicalMemDestroy(ze_context_handle_t context, ze_physical_mem_handle_t memory) {
  if (ze_result_t bad = require({context, memory})) return bad;
  const bool destroyed = virtual_memory_of(context).destroy(static_cast<PhysicalMemory*>(memory));
  return destroyed ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

ze_result_t zeVirtualMemQueryPageSize(ze_context_handle_t context, ze_device_handle_t device, size_t size,
                                      size_t* bytes) {
  if (ze_result_t bad = require({context, device}, {bytes})) return bad;
  if (size == 0) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  *bytes = page_size();
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeVirtualMemReserve(ze_context_handle_t context, const void* start, size_t size, void** pointer) {
  if (ze_result_t bad = require({context}, {pointer})) return bad;
  if (size == 0 || !is_aligned(size)) return ZE_RESULT_ERROR_UNSUPPORTED_SIZE;
  void* const base = virtual_memory_of(context).reserve(start, size);
  if (!base) return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
  *pointer = base;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeVirtualMemFree(ze_context_handle_t context, const void* base, size_t size) {
  if (ze_result_t bad = check_range(context, base, size)) return bad;
  return virtual_memory_of(context).release(base, size);
}

ze_result_t zeVirtualMemMap(ze_context_handle_t context, const void* start, size_t size,
                            ze_physical_mem_handle_t memory, size_t offset, ze_memory_access_attribute_t access) {
  if (ze_result_t bad = require({context, memory})) return bad;
  if (ze_result_t bad = check_range(context, start, size)) return bad;
  if (access > ZE_MEMORY_ACCESS_ATTRIBUTE_READONLY) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (!is_aligned(offset)) return ZE_RESULT_ERROR_UNSUPPORTED_ALIGNMENT;
  return virtual_memory_of(context).map(start, size, *static_cast<PhysicalMemory*>(memory), offset, access);
}

ze_result_t zeVirtualMemUnmap(ze_context_handle_t context, const void* start, size_t size) {
  if (ze_result_t bad = check_range(context, start, size)) return bad;
  return virtual_memory_of(context).unmap(start, size);
}

ze_result_t zeVirtualMemSetAccessAttribute(ze_context_handle_t context, const void* start, size_t size,
                                           ze_memory_access_attribute_t access) {
  if (ze_result_t bad = check_range(context, start, size)) return bad;
  if (access > ZE_MEMORY_ACCESS_ATTRIBUTE_READONLY) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  return virtual_memory_of(context).set_access(start, size, access);
}

ze_result_t zeVirtualMemGetAccessAttribute(ze_context_handle_t context, const void* start, size_t size,
                                           ze_memory_access_attribute_t* access, size_t* same) {
  if (ze_result_t bad = require({context}, {start, access, same})) return bad;
  if (ze_result_t bad = check_range(context, start, size)) return bad;
  return virtual_memory_of(context).get_access(start, size, access, same);
}

}  // namespace metate::ze_software
