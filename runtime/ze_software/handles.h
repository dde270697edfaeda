// handles – the driver's objects behind the API's opaque handles, and the checks every entry point begins with.
#pragma once

#include <level_zero/ze_api.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>

#include "runtime/ze_software/dispatch_tables.h"

// The API only declares these. An object of ours derives from its handle, so a handle is a pointer to the object.
struct _ze_driver_handle_t : metate::ze_software::Dispatched {};
struct _ze_device_handle_t : metate::ze_software::Dispatched {};
struct _ze_context_handle_t : metate::ze_software::Dispatched {};
struct _ze_command_queue_handle_t : metate::ze_software::Dispatched {};
struct _ze_command_list_handle_t : metate::ze_software::Dispatched {};
struct _ze_fence_handle_t : metate::ze_software::Dispatched {};
struct _ze_event_pool_handle_t : metate::ze_software::Dispatched {};
struct _ze_event_handle_t : metate::ze_software::Dispatched {};
struct _ze_module_handle_t : metate::ze_software::Dispatched {};
struct _ze_module_build_log_handle_t : metate::ze_software::Dispatched {};
struct _ze_kernel_handle_t : metate::ze_software::Dispatched {};
struct _ze_physical_mem_handle_t : metate::ze_software::Dispatched {};

namespace metate::ze_software {

/// ZE_RESULT_SUCCESS (which is 0) when no handle and no pointer is null.
inline ze_result_t require(std::initializer_list<const void*> handles,
                           std::initializer_list<const void*> pointers = {}) {
  for (const void* handle : handles) {
    if (!handle) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
  }
  for (const void* pointer : pointers) {
    if (!pointer) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  }
  return ZE_RESULT_SUCCESS;
}

/// The API's way to say how many values there are: a count of 0 asks for that number, and one that is too large becomes
/// it. Returns how many values the caller's array has room for; after a question that is none.
inline uint32_t answer_count(uint32_t* count, uint32_t available) {
  const uint32_t room = std::min(*count, available);
  *count = room ? room : available;
  return room;
}

/// The API's way to return a list, which may be left out.
template <class T, class Out>
ze_result_t return_list(std::span<const T> values, uint32_t* count, Out* out) {
  if (!count) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  const uint32_t room = answer_count(count, static_cast<uint32_t>(values.size()));
  if (out) std::copy_n(values.begin(), room, out);
  return ZE_RESULT_SUCCESS;
}

/// The API's way to return a text: at most `*size` bytes are written, the last of them 0; `*size` becomes what the
/// whole text needs.
template <class Size>
void return_text(const std::string& text, Size* size, char* out) {
  if (out && *size) {
    const size_t copied = std::min<size_t>(*size - 1, text.size());
    std::memcpy(out, text.data(), copied);
    out[copied] = '\0';
  }
  *size = static_cast<Size>(text.size() + 1);
}

/// The first structure of that type in a chain of extension structures, or null.
template <class T>
T* find_extension(const void* chain, ze_structure_type_t type) {
  for (auto* base = static_cast<const ze_base_properties_t*>(chain); base;
       base = static_cast<const ze_base_properties_t*>(base->pNext)) {
    if (base->stype == type) return reinterpret_cast<T*>(const_cast<ze_base_properties_t*>(base));
  }
  return nullptr;
}

}  // namespace metate::ze_software
