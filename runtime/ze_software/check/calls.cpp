#include "runtime/ze_software/check/calls.h"

#include <cstddef>
#include <cstring>

#include "runtime/ze_software/check/checker.h"
#include "runtime/ze_software/spirv/items.h"

namespace metate::ze_software::check {
namespace {

/// Where an access goes that must not be made. No single one is larger (spirv/memory).
void* harmless_place() {
  constexpr size_t kBytes = (size_t{1} << 14) + 128;
  alignas(128) static thread_local std::byte place[kBytes];
  std::memset(place, 0, kBytes);
  return place;
}

uintptr_t number(const void* address) { return reinterpret_cast<uintptr_t>(address); }

}  // namespace

void metate_check_item(uint64_t group_x, uint64_t group_y, uint64_t group_z, uint64_t x, uint64_t y, uint64_t z) {
  current_checker().begin_item({group_x, group_y, group_z}, {x, y, z});
}

void metate_check_wait(uint32_t set, uint32_t memory, uint32_t number, uint32_t line) {
  current_checker().wait(static_cast<spirv::ItemSet>(set), memory, number, line);
}

void metate_check_array(uint32_t object, uint64_t begin, uint64_t end) {
  current_checker().span_array(object, {begin, end});
}

void* metate_check_access(void* address, uint64_t bytes, void* base, uint32_t object, uint32_t line, uint32_t kind) {
  return current_checker().access(number(address), bytes, number(base), object, line, kind) ? address
                                                                                            : harmless_place();
}

uint32_t metate_check_range(void* address, uint64_t bytes, void* base, uint32_t object, uint32_t line, uint32_t kind) {
  return bytes == 0 || current_checker().access(number(address), bytes, number(base), object, line, kind) ? 1 : 0;
}

void metate_check_fence(uint32_t kind) { current_checker().fence(kind); }

const void* find_call(std::string_view name) {
#define METATE_FIND(symbol) \
  if (name == #symbol) return reinterpret_cast<const void*>(&symbol);
  METATE_CHECK_CALLS(METATE_FIND)
#undef METATE_FIND
  return nullptr;
}

}  // namespace metate::ze_software::check
