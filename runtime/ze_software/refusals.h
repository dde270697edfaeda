// refusals – why entry points are not offered, and functions that say so.
#pragma once

#include <level_zero/ze_api.h>

#include "runtime/ze_software/last_error.h"

namespace metate::ze_software {

inline constexpr char kNoImages[] = "images and samplers are not offered: a CPU has no texture units";
inline constexpr char kNoCacheControl[] = "a CPU does not let a program reserve its caches";
inline constexpr char kNoPci[] = "the device is no PCI device";
inline constexpr char kNoFabric[] = "there is no fabric between CPU devices";
inline constexpr char kNoSemaphores[] =
    "semaphores of other programming interfaces are not imported: share an event pool made with ZE_EVENT_POOL_FLAG_IPC";
inline constexpr char kNoRayTracing[] = "ray tracing is not offered: a CPU has no units for it";
inline constexpr char kNoInterrupts[] = "there are no interrupts from elsewhere that an event could wait for";
inline constexpr char kNoRequirements[] =
    "a native binary is for this very driver and processor, and zeModuleCreate checks that by itself";
inline constexpr char kNoGraphs[] =
    "lists are not captured as graphs: record a command list, clone it and append it to immediate lists";
inline constexpr char kNoKernelBinary[] =
    "machine code is made for whole modules, so zeModuleGetNativeBinary alone gives it";

/// ZE_RESULT_ERROR_UNSUPPORTED_FEATURE; with METATE_ZE_TRACE in the environment the reason is printed.
ze_result_t refuse(const char* reason);

/// Fills a slot of any function type with a function that refuses with that reason.
template <const char* reason, class... Arguments>
void fill_refusal(ze_result_t (*&slot)(Arguments...)) {
  slot = [](Arguments...) -> ze_result_t { return record(refuse(reason)); };
}

/// A loader older than our headers has smaller tables, which we would write past.
inline ze_result_t check_table_request(ze_api_version_t version, const void* table) {
  if (!table) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  return version < ZE_API_VERSION_CURRENT ? ZE_RESULT_ERROR_UNSUPPORTED_VERSION : ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
