// newer_tables – the function tables of loaders that are newer than our headers, and what their entries take.
//
// A table only ever grows at its end. Names, numbers and layouts are those of the specification up to 1.18
// (https://oneapi-src.github.io/level-zero-spec); the namespace keeps them apart from those of headers that have them.
#pragma once

#include <level_zero/ze_api.h>

#include "runtime/ze_software/newer_api.h"

namespace metate::ze_software::newer {

constexpr auto kTimestampsProperties = static_cast<ze_structure_type_t>(0x10011);
constexpr auto kTimestampsResults = static_cast<ze_structure_type_t>(0x10012);
constexpr auto kKernelMaxGroupSize = static_cast<ze_structure_type_t>(0x10013);
constexpr auto kInitDriverTypeDesc = static_cast<ze_structure_type_t>(0x20021);
constexpr auto kDdiHandlesProperties = static_cast<ze_structure_type_t>(0x20027);
constexpr auto kCacheLineSize = static_cast<ze_structure_type_t>(0x20028);
constexpr auto kVectorWidths = static_cast<ze_structure_type_t>(0x20029);
constexpr auto kCooperativeDesc = static_cast<ze_structure_type_t>(0x20036);
constexpr auto kKernelAllocation = static_cast<ze_structure_type_t>(0x20039);
constexpr auto kCountingEventDesc = static_cast<ze_structure_type_t>(0x2003a);
constexpr auto kRaisedCounterDesc = static_cast<ze_structure_type_t>(0x2003b);
constexpr auto kSyncModeDesc = static_cast<ze_structure_type_t>(0x2003c);
constexpr auto kIpcMemoryHandleTypeDesc = static_cast<ze_structure_type_t>(0x2003d);
constexpr auto kDeviceEventProperties = static_cast<ze_structure_type_t>(0x2003e);
constexpr auto kAggregateCounterDesc = static_cast<ze_structure_type_t>(0x2003f);

constexpr ze_command_list_flags_t kCloneable = 1 << 4;
constexpr ze_command_list_flags_t kListCopyOffloadHint = 1 << 5;
constexpr ze_command_queue_flags_t kQueueCopyOffloadHint = 1 << 2;

// 1.6
enum TimestampsFlag : uint32_t { kKernelTimestamps = 1 << 0, kSynchronizedTimestamps = 1 << 1 };

struct ze_event_query_kernel_timestamps_ext_properties_t {
  ze_structure_type_t stype;
  void* pNext;
  uint32_t flags;
};

struct ze_synchronized_timestamp_data_ext_t {
  uint64_t kernelStart, kernelEnd;
};

struct ze_synchronized_timestamp_result_ext_t {
  ze_synchronized_timestamp_data_ext_t global, context;
};

struct ze_event_query_kernel_timestamps_results_ext_properties_t {
  ze_structure_type_t stype;
  void* pNext;
  ze_kernel_timestamp_result_t* pKernelTimestampsBuffer;
  ze_synchronized_timestamp_result_ext_t* pSynchronizedTimestampsBuffer;
};

struct ze_kernel_max_group_size_properties_ext_t {
  ze_structure_type_t stype;
  void* pNext;
  uint32_t maxGroupSize;
};

// 1.7
enum AtomicAccess : uint32_t {
  kNoAtomics = 1 << 0,
  kNoHostAtomics = 1 << 1,
  kHostAtomics = 1 << 2,
  kNoDeviceAtomics = 1 << 3,
  kDeviceAtomics = 1 << 4,
  kNoSystemAtomics = 1 << 5,
  kSystemAtomics = 1 << 6,
};

// 1.10
enum InitDriverType : uint32_t { kInitGpu = 1 << 0, kInitNpu = 1 << 1 };

struct ze_init_driver_type_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint32_t flags;
};

// 1.12, 1.13
enum DdiHandlesFlag : uint32_t { kDdiHandles = 1 << 0 };

struct ze_driver_ddi_handles_ext_properties_t {
  ze_structure_type_t stype;
  void* pNext;
  uint32_t flags;
};

struct ze_device_cache_line_size_ext_t {
  ze_structure_type_t stype;
  const void* pNext;
  size_t cacheLineSize;
};

struct ze_device_vector_width_properties_ext_t {
  ze_structure_type_t stype;
  void* pNext;
  uint32_t vector_width_size;
  uint32_t preferred_vector_width_char, preferred_vector_width_short, preferred_vector_width_int;
  uint32_t preferred_vector_width_long, preferred_vector_width_float, preferred_vector_width_double;
  uint32_t preferred_vector_width_half;
  uint32_t native_vector_width_char, native_vector_width_short, native_vector_width_int;
  uint32_t native_vector_width_long, native_vector_width_float, native_vector_width_double;
  uint32_t native_vector_width_half;
};

// 1.14
struct ze_group_size_t {
  uint32_t groupSizeX, groupSizeY, groupSizeZ;
};

struct ze_command_list_append_launch_kernel_param_cooperative_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  ze_bool_t isCooperative;
};

struct ze_kernel_allocation_exp_properties_t {
  ze_structure_type_t stype;
  void* pNext;
  uint64_t base;
  size_t size;
  ze_memory_type_t type;
  uint32_t argIndex;  // UINT32_MAX: the kernel can come to it by way of other memory
};

// 1.15
enum CounterBasedFlag : uint32_t {
  kCounterImmediate = 1 << 0,
  kCounterNonImmediate = 1 << 1,
  kCounterHostVisible = 1 << 2,
  kCounterIpc = 1 << 3,
  kCounterDeviceTimestamp = 1 << 4,
  kCounterHostTimestamp = 1 << 5,
  kCounterGraphExternal = 1 << 6,
};

struct ze_event_counter_based_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint32_t flags;
  ze_event_scope_flags_t signal, wait;
};

struct ze_ipc_event_counter_based_handle_t {
  char data[ZE_MAX_IPC_HANDLE_SIZE];
};

struct ze_event_counter_based_external_sync_allocation_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint64_t *deviceAddress, *hostAddress;
  uint64_t completionValue;
};

struct ze_event_counter_based_external_aggregate_storage_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint64_t* deviceAddress;
  uint64_t incrementValue, completionValue;
};

/// Of the flags of a way to wait those that are hints: to save power, to be woken. The third is for interrupts of
/// others.
constexpr uint32_t kSyncHints = 1 << 0 | 1 << 1;

struct ze_event_sync_mode_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint32_t syncModeFlags, externalInterruptId;
};

enum DeviceEventFlag : uint32_t { kAggregatesCounters = 1 << 0, kSharesCounters = 1 << 1, kTakesCounters = 1 << 2 };

struct ze_device_event_properties_t {
  ze_structure_type_t stype;
  void* pNext;
  uint32_t flags;
};

struct ze_physical_mem_properties_t {
  ze_structure_type_t stype;
  void* pNext;
  uint64_t id;
  uint64_t size;
};

enum IpcMemoryHandleType : uint32_t { kIpcDefault = 1 << 0, kIpcFabricAccessible = 1 << 1 };

struct ze_ipc_mem_handle_type_ext_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint32_t typeFlags;
};

// 1.17
typedef void (*ze_host_function_callback_t)(void* data);

/// An entry that is not offered. Nobody reads its parameters, so a slot of this type does for all.
using Refused = ze_result_t (*)();

// `known` is what headers of 1.4 have of a table.

struct GlobalTable {
  void* known[1];
  ze_result_t (*pfnInitDrivers)(uint32_t* count, ze_driver_handle_t* drivers, ze_init_driver_type_desc_t* desc);
};

struct DriverTable {
  void* known[6];
  ze_result_t (*pfnGetLastErrorDescription)(ze_driver_handle_t driver, const char** text);
  Refused pfnRTASFormatCompatibilityCheckExt;
  ze_context_handle_t (*pfnGetDefaultContext)(ze_driver_handle_t driver);
};

struct DeviceTable {
  void* known[18];
  ze_result_t (*pfnGetRootDevice)(ze_device_handle_t device, ze_device_handle_t* root);
  Refused pfnImportExternalSemaphoreExt;
  Refused pfnReleaseExternalSemaphoreExt;
  ze_result_t (*pfnGetVectorWidthPropertiesExt)(ze_device_handle_t device, uint32_t* count,
                                                ze_device_vector_width_properties_ext_t* properties);
  ze_result_t (*pfnSynchronize)(ze_device_handle_t device);
  ze_result_t (*pfnGetAggregatedCopyOffloadIncrementValue)(ze_device_handle_t device, uint32_t* increment);
  Refused pfnGetRuntimeRequirements;
  Refused pfnGetRuntimeRequirementsKey;
  Refused pfnValidateRuntimeRequirements;
  ze_result_t (*pfnGetCounterBasedEventMaxValue)(ze_device_handle_t device, uint64_t* value);
  Refused pfnGetCompilerInfo;
};

struct CommandQueueTable {
  void* known[4];
  ze_result_t (*pfnGetOrdinal)(ze_command_queue_handle_t queue, uint32_t* ordinal);
  ze_result_t (*pfnGetIndex)(ze_command_queue_handle_t queue, uint32_t* index);
  ze_result_t (*pfnGetFlags)(ze_command_queue_handle_t queue, ze_command_queue_flags_t* flags);
  ze_result_t (*pfnGetMode)(ze_command_queue_handle_t queue, ze_command_queue_mode_t* mode);
  ze_result_t (*pfnGetPriority)(ze_command_queue_handle_t queue, ze_command_queue_priority_t* priority);
};

struct CommandListTable {
  void* known[28];
  ze_result_t (*pfnHostSynchronize)(ze_command_list_handle_t list, uint64_t timeout);
  ze_result_t (*pfnGetDeviceHandle)(ze_command_list_handle_t list, ze_device_handle_t* device);
  ze_result_t (*pfnGetContextHandle)(ze_command_list_handle_t list, ze_context_handle_t* context);
  ze_result_t (*pfnGetOrdinal)(ze_command_list_handle_t list, uint32_t* ordinal);
  ze_result_t (*pfnImmediateGetIndex)(ze_command_list_handle_t list, uint32_t* index);
  ze_result_t (*pfnIsImmediate)(ze_command_list_handle_t list, ze_bool_t* answer);
  Refused pfnAppendSignalExternalSemaphoreExt;
  Refused pfnAppendWaitExternalSemaphoreExt;
  ze_result_t (*pfnAppendLaunchKernelWithParameters)(ze_command_list_handle_t list, ze_kernel_handle_t kernel,
                                                     const ze_group_count_t* groups, const void* chain,
                                                     ze_event_handle_t signal, uint32_t wait_count,
                                                     ze_event_handle_t* waits);
  ze_result_t (*pfnAppendLaunchKernelWithArguments)(ze_command_list_handle_t list, ze_kernel_handle_t kernel,
                                                    ze_group_count_t groups, ze_group_size_t size, void** arguments,
                                                    const void* chain, ze_event_handle_t signal, uint32_t wait_count,
                                                    ze_event_handle_t* waits);
  ze_result_t (*pfnAppendMemoryCopyWithParameters)(ze_command_list_handle_t list, void* target, const void* source,
                                                   size_t size, const void* chain, ze_event_handle_t signal,
                                                   uint32_t wait_count, ze_event_handle_t* waits);
  ze_result_t (*pfnAppendMemoryFillWithParameters)(ze_command_list_handle_t list, void* target, const void* pattern,
                                                   size_t pattern_size, size_t size, const void* chain,
                                                   ze_event_handle_t signal, uint32_t wait_count,
                                                   ze_event_handle_t* waits);
  ze_result_t (*pfnImmediateAppendCommandListsWithParameters)(ze_command_list_handle_t immediate, uint32_t count,
                                                              ze_command_list_handle_t* lists, const void* chain,
                                                              ze_event_handle_t signal, uint32_t wait_count,
                                                              ze_event_handle_t* waits);
  ze_result_t (*pfnGetFlags)(ze_command_list_handle_t list, ze_command_list_flags_t* flags);
  ze_result_t (*pfnImmediateGetFlags)(ze_command_list_handle_t list, ze_command_queue_flags_t* flags);
  ze_result_t (*pfnImmediateGetMode)(ze_command_list_handle_t list, ze_command_queue_mode_t* mode);
  ze_result_t (*pfnImmediateGetPriority)(ze_command_list_handle_t list, ze_command_queue_priority_t* priority);
  Refused pfnBeginGraphCaptureExt;
  Refused pfnBeginCaptureIntoGraphExt;
  Refused pfnIsGraphCaptureEnabledExt;
  Refused pfnEndGraphCaptureExt;
  Refused pfnGetGraphExt;
  Refused pfnAppendGraphExt;
  ze_result_t (*pfnAppendHostFunction)(ze_command_list_handle_t list, ze_host_function_callback_t function, void* data,
                                       const void* chain, ze_event_handle_t signal, uint32_t wait_count,
                                       ze_event_handle_t* waits);
  ze_result_t (*pfnAppendSignalEventWithParameters)(ze_command_list_handle_t list, const void* chain,
                                                    ze_event_handle_t event);
  ze_result_t (*pfnAppendWaitOnEventsWithParameters)(ze_command_list_handle_t list, const void* chain, uint32_t count,
                                                     ze_event_handle_t* events);
};

struct CommandListExpTable {
  ze_result_t (*pfnCreateCloneExp)(ze_command_list_handle_t list, ze_command_list_handle_t* clone);
  decltype(&zeCommandListImmediateAppendCommandListsExp) pfnImmediateAppendCommandListsExp;
  decltype(&zeCommandListGetNextCommandIdExp) pfnGetNextCommandIdExp;
  decltype(&zeCommandListUpdateMutableCommandsExp) pfnUpdateMutableCommandsExp;
  decltype(&zeCommandListUpdateMutableCommandSignalEventExp) pfnUpdateMutableCommandSignalEventExp;
  decltype(&zeCommandListUpdateMutableCommandWaitEventsExp) pfnUpdateMutableCommandWaitEventsExp;
  decltype(&zeCommandListGetNextCommandIdWithKernelsExp) pfnGetNextCommandIdWithKernelsExp;
  decltype(&zeCommandListUpdateMutableCommandKernelsExp) pfnUpdateMutableCommandKernelsExp;
  ze_result_t (*pfnIsMutableExp)(ze_command_list_handle_t list, ze_bool_t* answer);
};

struct ImageTable {
  void* known[4];
  Refused pfnViewCreateExt;
};

struct ImageExpTable {
  void* known[2];
  Refused pfnGetDeviceOffsetExp;
};

struct EventPoolTable {
  void* known[5];
  ze_result_t (*pfnPutIpcHandle)(ze_context_handle_t context, ze_ipc_event_pool_handle_t handle);
  ze_result_t (*pfnGetContextHandle)(ze_event_pool_handle_t pool, ze_context_handle_t* context);
  ze_result_t (*pfnGetFlags)(ze_event_pool_handle_t pool, ze_event_pool_flags_t* flags);
};

struct EventTable {
  void* known[7];
  ze_result_t (*pfnQueryKernelTimestampsExt)(ze_event_handle_t event, ze_device_handle_t device, uint32_t* count,
                                             ze_event_query_kernel_timestamps_results_ext_properties_t* results);
  ze_result_t (*pfnGetEventPool)(ze_event_handle_t event, ze_event_pool_handle_t* pool);
  ze_result_t (*pfnGetSignalScope)(ze_event_handle_t event, ze_event_scope_flags_t* scope);
  ze_result_t (*pfnGetWaitScope)(ze_event_handle_t event, ze_event_scope_flags_t* scope);
  ze_result_t (*pfnCounterBasedCreate)(ze_context_handle_t context, ze_device_handle_t device,
                                       const ze_event_counter_based_desc_t* desc, ze_event_handle_t* event);
  ze_result_t (*pfnCounterBasedGetIpcHandle)(ze_event_handle_t event, ze_ipc_event_counter_based_handle_t* handle);
  ze_result_t (*pfnCounterBasedOpenIpcHandle)(ze_context_handle_t context, ze_ipc_event_counter_based_handle_t handle,
                                              ze_event_handle_t* event);
  ze_result_t (*pfnCounterBasedCloseIpcHandle)(ze_event_handle_t event);
  ze_result_t (*pfnCounterBasedGetDeviceAddress)(ze_event_handle_t event, uint64_t* value, uint64_t* address);
  ze_result_t (*pfnGetCounterBasedFlags)(ze_event_handle_t event, uint32_t* flags);
};

struct ModuleTable {
  void* known[9];
  ze_result_t (*pfnGetDeviceHandle)(ze_module_handle_t module, ze_device_handle_t* device);
};

struct KernelTable {
  void* known[12];
  ze_result_t (*pfnGetModuleHandle)(ze_kernel_handle_t kernel, ze_module_handle_t* module);
};

struct KernelExpTable {
  void* known[2];
  Refused pfnGetBinaryExp;
  ze_result_t (*pfnGetAllocationPropertiesExp)(ze_kernel_handle_t kernel, uint32_t* count,
                                               ze_kernel_allocation_exp_properties_t* allocations);
};

struct PhysicalMemTable {
  void* known[2];
  ze_result_t (*pfnGetProperties)(ze_context_handle_t context, ze_physical_mem_handle_t memory,
                                  ze_physical_mem_properties_t* properties);
};

struct MemTable {
  void* known[10];
  ze_result_t (*pfnPutIpcHandle)(ze_context_handle_t context, ze_ipc_mem_handle_t handle);
  Refused pfnGetPitchFor2dImage;
  ze_result_t (*pfnGetIpcHandleWithProperties)(ze_context_handle_t context, const void* pointer, void* chain,
                                               ze_ipc_mem_handle_t* handle);
};

struct MemExpTable {
  ze_result_t (*pfnGetIpcHandleFromFileDescriptorExp)(ze_context_handle_t context, uint64_t descriptor,
                                                      ze_ipc_mem_handle_t* handle);
  ze_result_t (*pfnGetFileDescriptorFromIpcHandleExp)(ze_context_handle_t context, ze_ipc_mem_handle_t handle,
                                                      uint64_t* descriptor);
  ze_result_t (*pfnSetAtomicAccessAttributeExp)(ze_context_handle_t context, ze_device_handle_t device,
                                                const void* pointer, size_t size, uint32_t attribute);
  ze_result_t (*pfnGetAtomicAccessAttributeExp)(ze_context_handle_t context, ze_device_handle_t device,
                                                const void* pointer, size_t size, uint32_t* attribute);
};

struct DriverExpTable {
  Refused pfnRTASFormatCompatibilityCheckExp;
};

struct RTASBuilderExpTable {
  Refused pfnCreateExp, pfnGetBuildPropertiesExp, pfnBuildExp, pfnDestroyExp;
};

struct RTASBuilderTable {
  Refused pfnCreateExt, pfnGetBuildPropertiesExt, pfnBuildExt, pfnCommandListAppendCopyExt, pfnDestroyExt;
};

struct RTASParallelOperationExpTable {
  Refused pfnCreateExp, pfnGetPropertiesExp, pfnJoinExp, pfnDestroyExp;
};

struct RTASParallelOperationTable {
  Refused pfnCreateExt, pfnGetPropertiesExt, pfnJoinExt, pfnDestroyExt;
};

struct GraphTable {
  Refused pfnCreateExt, pfnGetPrimaryCommandListExt, pfnSetDestructionCallbackExt, pfnInstantiateExt, pfnIsEmptyExt;
  Refused pfnDumpContentsExt, pfnDestroyExt;
};

struct ExecutableGraphTable {
  Refused pfnGetSourceGraphExt, pfnDestroyExt;
};

/// Of the runtime interface that has no driver handles: there it is the default driver.
struct RuntimeTable {
  ze_result_t (*pfnGetLastErrorDescription)(const char** text);
  uint32_t (*pfnTranslateDeviceHandleToIdentifier)(ze_device_handle_t device);
  ze_device_handle_t (*pfnTranslateIdentifierToDeviceHandle)(uint32_t identifier);
  ze_context_handle_t (*pfnGetDefaultContext)();
};

}  // namespace metate::ze_software::newer
