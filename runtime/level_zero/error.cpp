#include "runtime/level_zero/error.h"

#include <cstdio>

namespace metate::level_zero {
namespace {

struct KnownResult {
  ze_result_t result;
  const char* name;
  base::ErrorCode code;
  const char* hint;
};

#define ZE_RESULT(name, code, hint) {ZE_RESULT_##name, "ZE_RESULT_" #name, base::ErrorCode::code, hint}
constexpr KnownResult kResults[] = {
    ZE_RESULT(NOT_READY, kDevice, "the work is not done yet"),
    ZE_RESULT(ERROR_DEVICE_LOST, kDevice, "the device hung, was reset or removed; memory on it is gone"),
    ZE_RESULT(ERROR_OUT_OF_HOST_MEMORY, kOutOfMemory, "the host has no memory left"),
    ZE_RESULT(ERROR_OUT_OF_DEVICE_MEMORY, kOutOfMemory, "the device has no memory left"),
    ZE_RESULT(ERROR_MODULE_BUILD_FAILURE, kDevice, "the device's compiler refused the module"),
    ZE_RESULT(ERROR_MODULE_LINK_FAILURE, kDevice, "the module calls what no module defines"),
    ZE_RESULT(ERROR_DEVICE_REQUIRES_RESET, kDevice, "the device must be reset"),
    ZE_RESULT(ERROR_DEVICE_IN_LOW_POWER_STATE, kDevice, "the device sleeps"),
    ZE_RESULT(ERROR_INSUFFICIENT_PERMISSIONS, kIo, "this user may not use the device; look at the groups of /dev/dri"),
    ZE_RESULT(ERROR_NOT_AVAILABLE, kDevice, "the device is in use by another program"),
    ZE_RESULT(ERROR_DEPENDENCY_UNAVAILABLE, kNotFound, "a library that the driver needs is missing"),
    ZE_RESULT(ERROR_UNINITIALIZED, kNotFound, "no driver could be initialised"),
    ZE_RESULT(ERROR_UNSUPPORTED_VERSION, kUnsupported, "loader and driver are of versions that do not fit"),
    ZE_RESULT(ERROR_UNSUPPORTED_FEATURE, kUnsupported, "the device does not have this feature"),
    ZE_RESULT(ERROR_INVALID_ARGUMENT, kInvalidArgument, "the driver does not accept an argument"),
    ZE_RESULT(ERROR_INVALID_NULL_HANDLE, kInternal, "a handle is null"),
    ZE_RESULT(ERROR_HANDLE_OBJECT_IN_USE, kInternal, "the object is still in use"),
    ZE_RESULT(ERROR_INVALID_NULL_POINTER, kInvalidArgument, "a pointer is null"),
    ZE_RESULT(ERROR_INVALID_SIZE, kInvalidArgument, "a size is not valid"),
    ZE_RESULT(ERROR_UNSUPPORTED_SIZE, kInvalidArgument, "a size is more than the device supports"),
    ZE_RESULT(ERROR_UNSUPPORTED_ALIGNMENT, kInvalidArgument, "an alignment is more than the device supports"),
    ZE_RESULT(ERROR_INVALID_SYNCHRONIZATION_OBJECT, kInternal, "an event or fence is not valid"),
    ZE_RESULT(ERROR_INVALID_ENUMERATION, kInternal, "the driver does not know an option"),
    ZE_RESULT(ERROR_UNSUPPORTED_ENUMERATION, kUnsupported, "the driver does not support an option"),
    ZE_RESULT(ERROR_INVALID_NATIVE_BINARY, kInvalidArgument, "the module is no binary of this device"),
    ZE_RESULT(ERROR_INVALID_GLOBAL_NAME, kNotFound, "the module has no such variable"),
    ZE_RESULT(ERROR_INVALID_KERNEL_NAME, kNotFound, "the module has no such kernel"),
    ZE_RESULT(ERROR_INVALID_FUNCTION_NAME, kNotFound, "the module has no such function"),
    ZE_RESULT(ERROR_INVALID_GROUP_SIZE_DIMENSION, kInvalidArgument,
              "the work-group is larger than the device allows, or not the size that the kernel requires"),
    ZE_RESULT(ERROR_INVALID_GLOBAL_WIDTH_DIMENSION, kInvalidArgument, "the global size is not valid"),
    ZE_RESULT(ERROR_INVALID_KERNEL_ARGUMENT_INDEX, kInvalidArgument, "the kernel has fewer arguments"),
    ZE_RESULT(ERROR_INVALID_KERNEL_ARGUMENT_SIZE, kInvalidArgument, "an argument's size is not that of the kernel's"),
    ZE_RESULT(ERROR_INVALID_KERNEL_ATTRIBUTE_VALUE, kInternal, "a kernel attribute is not valid"),
    ZE_RESULT(ERROR_INVALID_MODULE_UNLINKED, kDevice, "the module must be linked with others first"),
    ZE_RESULT(ERROR_INVALID_COMMAND_LIST_TYPE, kInternal, "the command list is of another kind"),
    ZE_RESULT(ERROR_OVERLAPPING_REGIONS, kInvalidArgument, "source and target overlap"),
    ZE_RESULT(ERROR_UNKNOWN, kDevice, "the driver reports an internal error"),
};
#undef ZE_RESULT

}  // namespace

base::Error call_error(const char* call, ze_result_t result) {
  const std::string failed = std::string(call) + " failed: ";
  for (const KnownResult& known : kResults) {
    if (known.result == result) return {known.code, failed + known.name + " (" + known.hint + ")"};
  }
  char number[16];
  std::snprintf(number, sizeof(number), "0x%08x", static_cast<unsigned>(result));
  return {base::ErrorCode::kDevice, failed + number + " (a result that this version does not know)"};
}

}  // namespace metate::level_zero
