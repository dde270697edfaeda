// calls – the functions of the checker that instrumented kernels call; they find its state by the thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace metate::ze_software::check {

// Objects and lines are indices in KernelCheck, kinds are bits of AccessKind.
#define METATE_CHECK_CALLS(CALL)                                                                             \
  CALL(metate_check_item)   /* void (i64 group x, y, z, i64 local x, y, z): the item that runs from here */  \
  CALL(metate_check_wait)   /* void (i32 sub_group, i32 memory, i32 number, i32 line): it is at a barrier */ \
  CALL(metate_check_array)  /* void (i32 object, i64 begin, i64 end): the memory that a parameter spans */   \
  CALL(metate_check_access) /* ptr (ptr, i64 bytes, ptr base, i32 object, i32 line, i32 kind) */             \
  CALL(metate_check_range)  /* i32 (the same): whether the access may be made */                             \
  CALL(metate_check_fence)  /* void (i32 kind) */

extern "C" {
void metate_check_item(uint64_t group_x, uint64_t group_y, uint64_t group_z, uint64_t x, uint64_t y, uint64_t z);
/// `memory` are bits of spirv::BarrierMemory.
void metate_check_wait(uint32_t sub_group, uint32_t memory, uint32_t number, uint32_t line);
void metate_check_array(uint32_t object, uint64_t begin, uint64_t end);
/// Where the access is to be made: at the address, or where it does no harm when it must not be made.
void* metate_check_access(void* address, uint64_t bytes, void* base, uint32_t object, uint32_t line, uint32_t kind);
uint32_t metate_check_range(void* address, uint64_t bytes, void* base, uint32_t object, uint32_t line, uint32_t kind);
void metate_check_fence(uint32_t kind);
}

/// The address of one of these, null for another name.
const void* find_call(std::string_view name);

}  // namespace metate::ze_software::check
