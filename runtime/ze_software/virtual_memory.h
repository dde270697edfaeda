// virtual_memory – reserved addresses, and physical memory that is mapped to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/memory.h"

namespace metate::ze_software {

/// Memory without an address.
struct PhysicalMemory : _ze_physical_mem_handle_t {
  const std::shared_ptr<SharedFile> file;
  const uint64_t id = next_allocation_id();

  explicit PhysicalMemory(std::shared_ptr<SharedFile> file) : file(std::move(file)) {}
};

struct Reservation {
  void* base = nullptr;
  size_t size = 0;
  uint64_t id = 0;  // unique in the process
};

/// The reservations and the physical memory of a context. Safe to use from several threads.
class VirtualMemory {
 public:
  VirtualMemory() = default;
  ~VirtualMemory();

  VirtualMemory(const VirtualMemory&) = delete;
  VirtualMemory& operator=(const VirtualMemory&) = delete;

  /// At `start` if that is free. Null when there are no such addresses.
  void* reserve(const void* start, size_t size);
  ze_result_t release(const void* base, size_t size);
  ze_result_t map(const void* start, size_t size, const PhysicalMemory& memory, size_t offset,
                  ze_memory_access_attribute_t access);
  ze_result_t unmap(const void* start, size_t size);
  ze_result_t set_access(const void* start, size_t size, ze_memory_access_attribute_t access);

  /// The access at `start`, and how many of the bytes from there on have the same.
  ze_result_t get_access(const void* start, size_t size, ze_memory_access_attribute_t* access, size_t* same);

  /// The reservation that the address lies in, if there is memory at it.
  std::optional<Reservation> find(const void* address) const;

  PhysicalMemory* add(std::unique_ptr<PhysicalMemory> memory);
  /// False where it is none of this context.
  bool destroy(PhysicalMemory* memory);
  /// The file of what is a physical memory itself, or an address that one is mapped to; null where it is neither.
  std::shared_ptr<SharedFile> file_of(const void* address_or_memory) const;

 private:
  /// Pages that are alike. All pages of all reservations are in pieces.
  struct Piece {
    size_t size;
    ze_memory_access_attribute_t access = ZE_MEMORY_ACCESS_ATTRIBUTE_NONE;
    std::shared_ptr<SharedFile> file = nullptr;  // what is mapped
  };
  using Pieces = std::map<uintptr_t, Piece>;

  const Reservation* reservation_of(uintptr_t address) const;
  const Piece* piece_of(uintptr_t address) const;
  bool is_reserved(uintptr_t start, size_t size) const;
  void cut_at(uintptr_t address);
  template <class Each>
  void for_pieces(uintptr_t start, size_t size, Each each);

  mutable std::mutex mutex_;
  std::map<uintptr_t, Reservation> reservations_;
  Pieces pieces_;
  std::map<const void*, std::unique_ptr<PhysicalMemory>> physical_;
};

}  // namespace metate::ze_software
