// device_properties – what the API's property queries say of the device.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "runtime/jit/host_cpu.h"
#include "runtime/ze_software/device.h"
#include "runtime/ze_software/driver.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/mutable_commands.h"
#include "runtime/ze_software/native_binary.h"
#include "runtime/ze_software/shared_memory.h"
#include "runtime/ze_software/sub_group_sizes.h"

namespace metate::ze_software {
namespace {

constexpr ze_device_fp_flags_t kIeeeFlags = ZE_DEVICE_FP_FLAG_DENORM | ZE_DEVICE_FP_FLAG_INF_NAN |
                                            ZE_DEVICE_FP_FLAG_ROUND_TO_NEAREST | ZE_DEVICE_FP_FLAG_FMA |
                                            ZE_DEVICE_FP_FLAG_ROUNDED_DIVIDE_SQRT;

constexpr ze_device_fp_atomic_ext_flags_t kFloatAtomics =
    ZE_DEVICE_FP_ATOMIC_EXT_FLAG_GLOBAL_LOAD_STORE | ZE_DEVICE_FP_ATOMIC_EXT_FLAG_GLOBAL_ADD |
    ZE_DEVICE_FP_ATOMIC_EXT_FLAG_GLOBAL_MIN_MAX | ZE_DEVICE_FP_ATOMIC_EXT_FLAG_LOCAL_LOAD_STORE |
    ZE_DEVICE_FP_ATOMIC_EXT_FLAG_LOCAL_ADD | ZE_DEVICE_FP_ATOMIC_EXT_FLAG_LOCAL_MIN_MAX;

const Device& device_of(ze_device_handle_t handle) { return *static_cast<const Device*>(handle); }

/// Of the processor's vector registers.
uint32_t vector_bytes() {
  static const uint32_t bytes = [] {
    const base::Result<jit::HostCpu> cpu = jit::detect_host_cpu();
    return !cpu ? 4u : cpu->has("avx512f") ? 64u : cpu->has("avx") ? 32u : 16u;
  }();
  return bytes;
}

void copy_name(char (&target)[ZE_MAX_DEVICE_NAME], const std::string& name) {
  std::snprintf(target, sizeof(target), "%s", name.c_str());
}

}  // namespace

ze_result_t zeDeviceGetProperties(ze_device_handle_t handle, ze_device_properties_t* properties) {
  if (ze_result_t bad = require({handle}, {properties})) return bad;
  const Device& device = device_of(handle);
  const ze_structure_type_t stype = properties->stype;
  void* const chain = properties->pNext;
  *properties = {};
  properties->stype = stype;
  properties->pNext = chain;
  properties->type = ZE_DEVICE_TYPE_CPU;
  properties->vendorId = device.processor.vendor_id;
  properties->coreClockRate = device.processor.clock_mhz;
  properties->flags = ZE_DEVICE_PROPERTY_FLAG_INTEGRATED | ZE_DEVICE_PROPERTY_FLAG_ONDEMANDPAGING;
  properties->maxMemAllocSize = device.memory_bytes;
  properties->maxHardwareContexts = 1024;
  properties->numThreadsPerEU = 1;
  properties->physicalEUSimdWidth = vector_bytes() / 4;
  properties->numEUsPerSubslice = device.threads;
  properties->numSubslicesPerSlice = 1;
  properties->numSlices = 1;
  // The timer counts nanoseconds: one per tick, or, as 1.2 asks, 1e9 ticks in a second.
  properties->timerResolution = stype == ZE_STRUCTURE_TYPE_DEVICE_PROPERTIES_1_2 ? 1'000'000'000 : 1;
  properties->timestampValidBits = 64;
  properties->kernelTimestampValidBits = 64;
  std::memcpy(properties->uuid.id, "metate-cpu-00000", sizeof(properties->uuid.id));
  copy_name(properties->name, device.name);
  if (auto* units = find_extension<ze_eu_count_ext_t>(chain, ZE_STRUCTURE_TYPE_EU_COUNT_EXT)) {
    units->numTotalEUs = device.threads;
  }
  if (auto* times = find_extension<newer::ze_event_query_kernel_timestamps_ext_properties_t>(
          chain, newer::kTimestampsProperties)) {
    times->flags = newer::kKernelTimestamps | newer::kSynchronizedTimestamps;
  }
  if (auto* events = find_extension<newer::ze_device_event_properties_t>(chain, newer::kDeviceEventProperties)) {
    events->flags = newer::kAggregatesCounters | newer::kSharesCounters | newer::kTakesCounters;
  }
  if (auto* lists = find_extension<ze_mutable_command_list_exp_properties_t>(
          chain, ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_LIST_EXP_PROPERTIES)) {
    lists->mutableCommandListFlags = 0;
    lists->mutableCommandFlags = kMutableFlags;
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetComputeProperties(ze_device_handle_t handle, ze_device_compute_properties_t* properties) {
  if (ze_result_t bad = require({handle}, {properties})) return bad;
  properties->maxTotalGroupSize = kMaxGroupSize;
  properties->maxGroupSizeX = properties->maxGroupSizeY = properties->maxGroupSizeZ = kMaxGroupSize;
  properties->maxGroupCountX = properties->maxGroupCountY = properties->maxGroupCountZ = UINT32_MAX;
  properties->maxSharedLocalMemory = kMaxLocalMemory;
  properties->numSubGroupSizes = std::size(kSubGroupSizes);
  std::fill(std::begin(properties->subGroupSizes), std::end(properties->subGroupSizes), 0);
  std::copy(std::begin(kSubGroupSizes), std::end(kSubGroupSizes), properties->subGroupSizes);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetModuleProperties(ze_device_handle_t handle, ze_device_module_properties_t* properties) {
  if (ze_result_t bad = require({handle}, {properties})) return bad;
  properties->spirvVersionSupported = ZE_MAKE_VERSION(1, 6);
  properties->flags = ZE_DEVICE_MODULE_FLAG_FP16 | ZE_DEVICE_MODULE_FLAG_FP64 | ZE_DEVICE_MODULE_FLAG_INT64_ATOMICS |
                      ZE_DEVICE_MODULE_FLAG_DP4A;
  properties->fp16flags = properties->fp32flags = properties->fp64flags = kIeeeFlags;
  properties->maxArgumentsSize = kMaxArgumentBytes;
  properties->printfBufferSize = UINT32_MAX;  // text is not gathered, so there may be any amount of it
  const std::array<uint8_t, 16> native = native_binary_kind(Driver::get());
  std::copy(native.begin(), native.end(), properties->nativeKernelSupported.id);
  if (auto* atomics = find_extension<ze_float_atomic_ext_properties_t>(properties->pNext,
                                                                       ZE_STRUCTURE_TYPE_FLOAT_ATOMIC_EXT_PROPERTIES)) {
    atomics->fp16Flags = atomics->fp32Flags = atomics->fp64Flags = kFloatAtomics;
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetCommandQueueGroupProperties(ze_device_handle_t handle, uint32_t* count,
                                                   ze_command_queue_group_properties_t* properties) {
  if (ze_result_t bad = require({handle}, {count})) return bad;
  if (answer_count(count, 1) && properties) {
    properties->flags = ZE_COMMAND_QUEUE_GROUP_PROPERTY_FLAG_COMPUTE | ZE_COMMAND_QUEUE_GROUP_PROPERTY_FLAG_COPY |
                        ZE_COMMAND_QUEUE_GROUP_PROPERTY_FLAG_COOPERATIVE_KERNELS;
    properties->maxMemoryFillPatternSize = kMaxFillPattern;
    properties->numQueues = kQueues;
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetMemoryProperties(ze_device_handle_t handle, uint32_t* count,
                                        ze_device_memory_properties_t* properties) {
  if (ze_result_t bad = require({handle}, {count})) return bad;
  if (answer_count(count, 1) && properties) {
    properties->flags = 0;
    properties->maxClockRate = properties->maxBusWidth = 0;  // the system does not say
    properties->totalSize = device_of(handle).memory_bytes;
    copy_name(properties->name, "host memory");
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetMemoryAccessProperties(ze_device_handle_t handle,
                                              ze_device_memory_access_properties_t* properties) {
  if (ze_result_t bad = require({handle}, {properties})) return bad;
  constexpr ze_memory_access_cap_flags_t everything = ZE_MEMORY_ACCESS_CAP_FLAG_RW | ZE_MEMORY_ACCESS_CAP_FLAG_ATOMIC |
                                                      ZE_MEMORY_ACCESS_CAP_FLAG_CONCURRENT |
                                                      ZE_MEMORY_ACCESS_CAP_FLAG_CONCURRENT_ATOMIC;
  properties->hostAllocCapabilities = everything;
  properties->deviceAllocCapabilities = everything;
  properties->sharedSingleDeviceAllocCapabilities = everything;
  properties->sharedCrossDeviceAllocCapabilities = everything;
  // Tests ask for a device like those that work on copies.
  static const char* system_memory = std::getenv("METATE_ZE_SYSTEM_MEMORY");
  properties->sharedSystemAllocCapabilities = system_memory && system_memory == std::string_view("0") ? 0 : everything;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetCacheProperties(ze_device_handle_t handle, uint32_t* count,
                                       ze_device_cache_properties_t* properties) {
  if (ze_result_t bad = require({handle}, {count})) return bad;
  const Processor& processor = device_of(handle).processor;
  const uint32_t room = answer_count(count, static_cast<uint32_t>(processor.cache_bytes.size()));
  for (uint32_t i = 0; properties && i < room; ++i) {
    properties[i].flags = 0;  // programs have no say in what is cached
    properties[i].cacheSize = processor.cache_bytes[i];
    if (auto* line =
            find_extension<newer::ze_device_cache_line_size_ext_t>(properties[i].pNext, newer::kCacheLineSize)) {
      line->cacheLineSize = processor.cache_line_bytes;
    }
  }
  return ZE_RESULT_SUCCESS;
}

/// Work-items become the lanes of vectors, so a kernel does best with scalars.
ze_result_t zeDeviceGetVectorWidthPropertiesExt(ze_device_handle_t device, uint32_t* count,
                                                newer::ze_device_vector_width_properties_ext_t* properties) {
  if (ze_result_t bad = require({device}, {count})) return bad;
  if (!answer_count(count, 1) || !properties) return ZE_RESULT_SUCCESS;
  const uint32_t bytes = vector_bytes();
  properties->vector_width_size = bytes;
  properties->preferred_vector_width_char = properties->preferred_vector_width_short = 1;
  properties->preferred_vector_width_int = properties->preferred_vector_width_long = 1;
  properties->preferred_vector_width_float = properties->preferred_vector_width_double = 1;
  properties->preferred_vector_width_half = 1;
  properties->native_vector_width_char = bytes;
  properties->native_vector_width_short = bytes / 2;
  properties->native_vector_width_int = properties->native_vector_width_float = bytes / 4;
  properties->native_vector_width_long = properties->native_vector_width_double = bytes / 8;
  properties->native_vector_width_half = bytes / 4;  // computed as float
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetExternalMemoryProperties(ze_device_handle_t handle,
                                                ze_device_external_memory_properties_t* properties) {
  if (ze_result_t bad = require({handle}, {properties})) return bad;
  properties->memoryAllocationImportTypes = properties->memoryAllocationExportTypes = kExternalMemoryTypes;
  properties->imageImportTypes = properties->imageExportTypes = 0;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeDeviceGetP2PProperties(ze_device_handle_t device, ze_device_handle_t peer,
                                     ze_device_p2p_properties_t* properties) {
  if (ze_result_t bad = require({device, peer}, {properties})) return bad;
  properties->flags = ZE_DEVICE_P2P_PROPERTY_FLAG_ACCESS | ZE_DEVICE_P2P_PROPERTY_FLAG_ATOMICS;
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
