#include "runtime/ze_software/driver.h"

#include <cstring>

#include "runtime/abi/software_driver.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/memory.h"
#include "runtime/ze_software/messages.h"

namespace metate::ze_software {
namespace {

constexpr uint32_t kDriverVersion = 0x00010000;  // 0.1.0 as major.minor.patch in 8, 8 and 16 bits

constexpr ze_driver_extension_properties_t kExtensions[] = {
    {ZE_GLOBAL_OFFSET_EXP_NAME, ZE_GLOBAL_OFFSET_EXP_VERSION_1_0},
    {ZE_EVENT_QUERY_TIMESTAMPS_EXP_NAME, ZE_EVENT_QUERY_TIMESTAMPS_EXP_VERSION_1_0},
    {ZE_SUBGROUPS_EXT_NAME, ZE_SUBGROUP_EXT_VERSION_1_0},
    {ZE_EU_COUNT_EXT_NAME, ZE_EU_COUNT_EXT_VERSION_1_0},
    {ZE_FLOAT_ATOMICS_EXT_NAME, ZE_FLOAT_ATOMICS_EXT_VERSION_1_0},
    {ZE_MUTABLE_COMMAND_LIST_EXP_NAME, ZE_MUTABLE_COMMAND_LIST_EXP_VERSION_1_1},
    {ZE_IMMEDIATE_COMMAND_LIST_APPEND_EXP_NAME, ZE_IMMEDIATE_COMMAND_LIST_APPEND_EXP_VERSION_1_0},
    {ZE_EVENT_POOL_COUNTER_BASED_EXP_NAME, ZE_EVENT_POOL_COUNTER_BASED_EXP_VERSION_1_0},
    {ZE_MEMORY_FREE_POLICIES_EXT_NAME, ZE_MEMORY_FREE_POLICIES_EXT_VERSION_1_0},
    {ZE_RELAXED_ALLOCATION_LIMITS_EXP_NAME, ZE_RELAXED_ALLOCATION_LIMITS_EXP_VERSION_1_0},
    {ZE_MODULE_PROGRAM_EXP_NAME, ZE_MODULE_PROGRAM_EXP_VERSION_1_0},
    {ZE_LINKAGE_INSPECTION_EXT_NAME, ZE_LINKAGE_INSPECTION_EXT_VERSION_1_0},
    {ZE_LINKONCE_ODR_EXT_NAME, ZE_LINKONCE_ODR_EXT_VERSION_1_0},
    {"ZE_extension_event_query_kernel_timestamps", ZE_MAKE_VERSION(1, 0)},
    {"ZE_extension_kernel_max_group_size_properties", ZE_MAKE_VERSION(1, 0)},
    {"ZE_extension_device_cache_line_size", ZE_MAKE_VERSION(1, 0)},
    {"ZE_extension_device_vector_sizes", ZE_MAKE_VERSION(1, 0)},
    {"ZE_experimental_command_list_clone", ZE_MAKE_VERSION(1, 0)},
    {"ZE_extension_driver_ddi_handles", ZE_MAKE_VERSION(1, 1)},
    {"ZE_extension_ipc_mem_handle_type", ZE_MAKE_VERSION(1, 0)},
};

}  // namespace

Driver& Driver::get() {
  static Driver* const driver = [] {
    fill_dispatch_tables();
    return new Driver;
  }();
  return *driver;
}

base::Result<jit::Jit*> Driver::jit() {
  std::call_once(jit_made_, [this] { jit_.emplace(jit::Jit::create()); });
  if (!*jit_) return jit_->error();
  return (**jit_).get();
}

ze_result_t zeInit(ze_init_flags_t flags) {
  constexpr ze_init_flags_t known = ZE_INIT_FLAG_GPU_ONLY | ZE_INIT_FLAG_VPU_ONLY;
  if (flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  // A program that asks for GPUs or VPUs alone must not be given a CPU.
  return flags == 0 ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_UNINITIALIZED;
}

ze_result_t zeInitDrivers(uint32_t* count, ze_driver_handle_t* drivers, newer::ze_init_driver_type_desc_t* desc) {
  if (ze_result_t bad = require({}, {count, desc})) return bad;
  if (desc->flags == 0) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  // There is no flag for CPUs: they are among all drivers (UINT32_MAX), and not among GPUs and NPUs.
  if (!(desc->flags & ~(newer::kInitGpu | newer::kInitNpu))) return ZE_RESULT_ERROR_UNINITIALIZED;
  return ze_software::zeDriverGet(count, drivers);
}

ze_result_t zeDriverGet(uint32_t* count, ze_driver_handle_t* drivers) {
  Driver* const all[] = {&Driver::get()};
  return return_list(std::span<Driver* const>(all), count, drivers);
}

ze_result_t zeDriverGetApiVersion(ze_driver_handle_t driver, ze_api_version_t* version) {
  if (ze_result_t bad = require({driver}, {version})) return bad;
  *version = static_cast<ze_api_version_t>(ZE_MAKE_VERSION(1, 14));
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDriverGetProperties(ze_driver_handle_t driver, ze_driver_properties_t* properties) {
  if (ze_result_t bad = require({driver}, {properties})) return bad;
  std::memcpy(properties->uuid.id, abi::kSoftwareDriverUuid, sizeof(properties->uuid.id));
  properties->driverVersion = kDriverVersion;
  if (auto* free = find_extension<ze_driver_memory_free_ext_properties_t>(
          properties->pNext, ZE_STRUCTURE_TYPE_DRIVER_MEMORY_FREE_EXT_PROPERTIES)) {
    free->freePolicies = kFreePolicies;
  }
  if (auto* handles = find_extension<newer::ze_driver_ddi_handles_ext_properties_t>(properties->pNext,
                                                                                    newer::kDdiHandlesProperties)) {
    handles->flags = newer::kDdiHandles;
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDriverGetIpcProperties(ze_driver_handle_t driver, ze_driver_ipc_properties_t* properties) {
  if (ze_result_t bad = require({driver}, {properties})) return bad;
  properties->flags = ZE_IPC_PROPERTY_FLAG_MEMORY | ZE_IPC_PROPERTY_FLAG_EVENT_POOL;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDriverGetExtensionProperties(ze_driver_handle_t driver, uint32_t* count,
                                           ze_driver_extension_properties_t* extensions) {
  if (ze_result_t bad = require({driver}, {count})) return bad;
  return return_list(std::span<const ze_driver_extension_properties_t>(kExtensions), count, extensions);
}

ze_result_t zeDriverGetExtensionFunctionAddress(ze_driver_handle_t driver, const char* name, void** address) {
  if (ze_result_t bad = require({driver}, {name, address})) return bad;
  *address = std::strcmp(name, abi::kSetMessageHandler) == 0 ? reinterpret_cast<void*>(&set_message_handler)
                                                             : find_entry_point(name);
  return *address ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

}  // namespace metate::ze_software
