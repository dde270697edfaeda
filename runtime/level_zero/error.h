// error – a failed Level Zero call in words.
#pragma once

#include <level_zero/ze_api.h>

#include "runtime/base/result.h"

namespace metate::level_zero {

/// "zeModuleCreate failed: ZE_RESULT_ERROR_MODULE_BUILD_FAILURE (the device's compiler refused the module)".
base::Error call_error(const char* call, ze_result_t result);

/// The call's Status.
inline base::Status check(const char* call, ze_result_t result) {
  if (result == ZE_RESULT_SUCCESS) return base::Success{};
  return call_error(call, result);
}

}  // namespace metate::level_zero
