#include "runtime/level_zero/devices.h"

#include <algorithm>
#include <cstring>

#include "runtime/level_zero/driver_messages.h"
#include "runtime/level_zero/error.h"
#include "runtime/level_zero/events.h"
#include "runtime/level_zero/functions.h"
#include "runtime/level_zero/memory.h"

namespace metate::level_zero {
namespace {

DeviceType type_of(ze_device_type_t type) {
  switch (type) {
    case ZE_DEVICE_TYPE_GPU:
      return DeviceType::kGpu;
    case ZE_DEVICE_TYPE_CPU:
      return DeviceType::kCpu;
    case ZE_DEVICE_TYPE_FPGA:
      return DeviceType::kFpga;
    case ZE_DEVICE_TYPE_MCA:
      return DeviceType::kMca;
    case ZE_DEVICE_TYPE_VPU:
      return DeviceType::kVpu;
    case ZE_DEVICE_TYPE_FORCE_UINT32:
      break;
  }
  return DeviceType::kOther;  // of an API newer than ours
}

std::string vendor_of(uint32_t id, bool is_software) {
  if (is_software) return "Metate";
  switch (id) {  // PCI vendor ids
    case 0x8086:
      return "Intel";
    case 0x10de:
      return "NVIDIA";
    case 0x1002:
      return "AMD";
    default:
      return "vendor " + std::to_string(id);
  }
}

/// Fills a list by the API's two calls: one for the count, one for the handles.
template <class Handle, class Call>
base::Result<std::vector<Handle>> list(const char* name, Call call) {
  uint32_t count = 0;
  if (const ze_result_t result = call(&count, nullptr); result != ZE_RESULT_SUCCESS) return call_error(name, result);
  std::vector<Handle> handles(count);
  if (count == 0) return handles;
  if (const ze_result_t result = call(&count, handles.data()); result != ZE_RESULT_SUCCESS) {
    return call_error(name, result);
  }
  handles.resize(count);
  return handles;
}

/// Real devices before the software one, GPUs before others.
int rank(const Device& device) { return device.is_software() ? 1000 : static_cast<int>(device.type()); }

/// Of ze_device_fp_atomic_ext_flag_t, for floats of one width.
uint8_t float_atomics(ze_device_fp_atomic_ext_flags_t flags) {
  uint8_t atomics = 0;
  if (flags & ZE_DEVICE_FP_ATOMIC_EXT_FLAG_GLOBAL_ADD) atomics |= abi::kGlobalAdd;
  if (flags & ZE_DEVICE_FP_ATOMIC_EXT_FLAG_GLOBAL_MIN_MAX) atomics |= abi::kGlobalMinMax;
  if (flags & ZE_DEVICE_FP_ATOMIC_EXT_FLAG_LOCAL_ADD) atomics |= abi::kLocalAdd;
  if (flags & ZE_DEVICE_FP_ATOMIC_EXT_FLAG_LOCAL_MIN_MAX) atomics |= abi::kLocalMinMax;
  return atomics;
}

LoaderOptions& process_options() {
  static LoaderOptions options;
  return options;
}

}  // namespace

const char* device_type_name(DeviceType type) {
  switch (type) {
    case DeviceType::kGpu:
      return "gpu";
    case DeviceType::kCpu:
      return "cpu";
    case DeviceType::kFpga:
      return "fpga";
    case DeviceType::kMca:
      return "accelerator";
    case DeviceType::kVpu:
      return "vpu";
    case DeviceType::kOther:
      return "other";
  }
  return "other";
}

Device::Device(std::shared_ptr<const Functions> functions, std::shared_ptr<_ze_context_handle_t> context,
               _ze_device_handle_t* handle)
    : functions_(std::move(functions)),
      context_(std::move(context)),
      handle_(handle),
      memory_(std::make_unique<MemoryPool>(*this)),
      events_(std::make_unique<EventPool>(*this)) {}

Device::~Device() = default;

base::Result<double> Device::clock_nanoseconds() const {
  uint64_t host = 0, device = 0;
  const ze_result_t result = functions_->zeDeviceGetGlobalTimestamps(handle_, &host, &device);
  if (result != ZE_RESULT_SUCCESS) return call_error("zeDeviceGetGlobalTimestamps", result);
  if (properties_.timestamp_bits < 64) device &= (uint64_t{1} << properties_.timestamp_bits) - 1;
  return static_cast<double>(device) * properties_.timestamp_nanoseconds;
}

/// Of a UUID, its bytes.
template <size_t size>
static std::string as_text(const uint8_t (&id)[size]) {
  return {reinterpret_cast<const char*>(id), size};
}

base::Status Device::read_properties(_ze_driver_handle_t* driver) {
  const Functions& f = *functions_;
  ze_driver_properties_t of_driver{};
  of_driver.stype = ZE_STRUCTURE_TYPE_DRIVER_PROPERTIES;
  if (auto bad = check("zeDriverGetProperties", f.zeDriverGetProperties(driver, &of_driver)); !bad) return bad;
  ze_api_version_t api{};
  if (auto bad = check("zeDriverGetApiVersion", f.zeDriverGetApiVersion(driver, &api)); !bad) return bad;
  ze_device_properties_t device{};
  device.stype = ZE_STRUCTURE_TYPE_DEVICE_PROPERTIES;
  if (auto bad = check("zeDeviceGetProperties", f.zeDeviceGetProperties(handle_, &device)); !bad) return bad;
  ze_device_compute_properties_t compute{};
  compute.stype = ZE_STRUCTURE_TYPE_DEVICE_COMPUTE_PROPERTIES;
  if (auto bad = check("zeDeviceGetComputeProperties", f.zeDeviceGetComputeProperties(handle_, &compute)); !bad) {
    return bad;
  }
  ze_device_module_properties_t module{};
  module.stype = ZE_STRUCTURE_TYPE_DEVICE_MODULE_PROPERTIES;
  ze_float_atomic_ext_properties_t atomics{};  // stays empty where the driver does not know it
  atomics.stype = ZE_STRUCTURE_TYPE_FLOAT_ATOMIC_EXT_PROPERTIES;
  module.pNext = &atomics;
  if (auto bad = check("zeDeviceGetModuleProperties", f.zeDeviceGetModuleProperties(handle_, &module)); !bad)
    return bad;
  ze_device_memory_access_properties_t access{};
  access.stype = ZE_STRUCTURE_TYPE_DEVICE_MEMORY_ACCESS_PROPERTIES;
  if (auto bad = check("zeDeviceGetMemoryAccessProperties", f.zeDeviceGetMemoryAccessProperties(handle_, &access));
      !bad) {
    return bad;
  }
  auto memories = list<ze_device_memory_properties_t>("zeDeviceGetMemoryProperties",
                                                      [&](uint32_t* count, ze_device_memory_properties_t* out) {
                                                        for (uint32_t i = 0; out && i < *count; ++i)
                                                          out[i].stype = ZE_STRUCTURE_TYPE_DEVICE_MEMORY_PROPERTIES;
                                                        return f.zeDeviceGetMemoryProperties(handle_, count, out);
                                                      });
  if (!memories) return memories.take_error();
  auto caches = list<ze_device_cache_properties_t>("zeDeviceGetCacheProperties",
                                                   [&](uint32_t* count, ze_device_cache_properties_t* out) {
                                                     for (uint32_t i = 0; out && i < *count; ++i)
                                                       out[i].stype = ZE_STRUCTURE_TYPE_DEVICE_CACHE_PROPERTIES;
                                                     return f.zeDeviceGetCacheProperties(handle_, count, out);
                                                   });
  if (!caches) return caches.take_error();

  is_software_ = std::memcmp(of_driver.uuid.id, abi::kSoftwareDriverUuid, sizeof(of_driver.uuid.id)) == 0;
  name_ = device.name;
  vendor_ = vendor_of(device.vendorId, is_software_);
  binary_kind_ = name_ + "/" + std::to_string(device.vendorId) + "/" + std::to_string(device.deviceId) + "/" +
                 std::to_string(of_driver.driverVersion) + "/" + as_text(of_driver.uuid.id) +
                 as_text(module.nativeKernelSupported.id);
  type_ = type_of(device.type);
  DeviceProperties& p = properties_;
  p.vendor_id = device.vendorId;
  p.device_id = device.deviceId;
  p.driver_version = of_driver.driverVersion;
  p.api_version = static_cast<uint32_t>(api);
  p.compute_units = device.numSlices * device.numSubslicesPerSlice * device.numEUsPerSubslice;
  p.core_clock_mhz = device.coreClockRate;
  p.max_allocation_bytes = device.maxMemAllocSize;
  p.timestamp_nanoseconds = static_cast<double>(device.timerResolution);
  p.timestamp_bits = device.kernelTimestampValidBits ? device.kernelTimestampValidBits : 64;
  for (const ze_device_memory_properties_t& memory : *memories) p.memory_bytes += memory.totalSize;
  p.max_group_size = compute.maxTotalGroupSize;
  const uint32_t sizes[3] = {compute.maxGroupSizeX, compute.maxGroupSizeY, compute.maxGroupSizeZ};
  const uint32_t counts[3] = {compute.maxGroupCountX, compute.maxGroupCountY, compute.maxGroupCountZ};
  std::copy_n(sizes, 3, p.max_group_sizes);
  std::copy_n(counts, 3, p.max_group_counts);
  p.max_local_bytes = compute.maxSharedLocalMemory;
  p.sub_group_sizes.assign(compute.subGroupSizes,
                           compute.subGroupSizes + std::min<uint32_t>(compute.numSubGroupSizes, ZE_SUBGROUPSIZE_COUNT));
  p.max_argument_bytes = module.maxArgumentsSize;
  p.spirv_version = module.spirvVersionSupported;
  p.half_flags = module.fp16flags;
  p.single_flags = module.fp32flags;
  p.double_flags = module.fp64flags;
  p.corrects_memory_errors = device.flags & ZE_DEVICE_PROPERTY_FLAG_ECC;
  p.has_fp64 = module.flags & ZE_DEVICE_MODULE_FLAG_FP64;
  p.has_fp16 = module.flags & ZE_DEVICE_MODULE_FLAG_FP16;
  p.has_int64_atomics = module.flags & ZE_DEVICE_MODULE_FLAG_INT64_ATOMICS;
  p.features = {float_atomics(atomics.fp32Flags), float_atomics(atomics.fp64Flags)};
  for (const ze_device_cache_properties_t& cache : *caches) p.cache_bytes = std::max(p.cache_bytes, cache.cacheSize);
  p.simd_lanes = device.physicalEUSimdWidth;
  p.has_host_memory = access.hostAllocCapabilities & ZE_MEMORY_ACCESS_CAP_FLAG_RW;
  p.has_device_memory = access.deviceAllocCapabilities & ZE_MEMORY_ACCESS_CAP_FLAG_RW;
  p.has_shared_memory = access.sharedSingleDeviceAllocCapabilities & ZE_MEMORY_ACCESS_CAP_FLAG_RW;
  p.has_host_atomics = access.hostAllocCapabilities & ZE_MEMORY_ACCESS_CAP_FLAG_CONCURRENT_ATOMIC;
  p.has_shared_atomics = access.sharedSingleDeviceAllocCapabilities & ZE_MEMORY_ACCESS_CAP_FLAG_CONCURRENT_ATOMIC;
  p.shares_host_memory = access.sharedSystemAllocCapabilities & ZE_MEMORY_ACCESS_CAP_FLAG_RW;
  return base::Success{};
}

base::Status Device::find_parts(_ze_driver_handle_t* driver) {
  auto handles = list<ze_device_handle_t>("zeDeviceGetSubDevices", [&](uint32_t* count, ze_device_handle_t* out) {
    return functions_->zeDeviceGetSubDevices(handle_, count, out);
  });
  if (!handles) return handles.take_error();
  for (ze_device_handle_t handle : *handles) {
    auto part = std::make_shared<Device>(functions_, context_, handle);
    part->whole_ = this;
    if (base::Status read = part->read_properties(driver); !read) return read;
    parts_.push_back(std::move(part));
  }
  return base::Success{};
}

base::Result<Devices> Devices::open(const LoaderOptions& options) {
  Devices devices;
  base::Result<std::unique_ptr<const Functions>> loader = open_loader(options);
  if (loader) {
    devices.add_drivers(std::move(*loader));
  } else {
    devices.notes_.push_back(loader.error().message);
  }
  const bool has_software = std::any_of(devices.devices_.begin(), devices.devices_.end(),
                                        [](const auto& device) { return device->is_software(); });
  // No loader, or one that was initialised before us: the same calls, without it.
  if (!has_software && options.driver_functions) {
    base::Result<std::unique_ptr<const Functions>> driver = open_driver(options);
    if (driver) {
      devices.add_drivers(std::move(*driver));
    } else {
      devices.notes_.push_back(driver.error().message);
    }
  }
  if (devices.devices_.empty()) {
    std::string message = "no Level Zero device was found";
    for (const std::string& note : devices.notes_) message += "; " + note;
    return base::Error{base::ErrorCode::kNotFound, message};
  }
  return devices;
}

void Devices::add_drivers(std::unique_ptr<const Functions> owned) {
  std::shared_ptr<const Functions> functions(std::move(owned));
  auto drivers = list<ze_driver_handle_t>(
      "zeDriverGet", [&](uint32_t* count, ze_driver_handle_t* out) { return functions->zeDriverGet(count, out); });
  if (!drivers) {
    notes_.push_back(drivers.error().message);
    return;
  }
  for (ze_driver_handle_t driver : *drivers) {
    if (base::Status added = add_driver(functions, driver); !added) notes_.push_back(added.error().message);
  }
}

base::Status Devices::add_driver(const std::shared_ptr<const Functions>& functions, _ze_driver_handle_t* driver) {
  auto handles = list<ze_device_handle_t>("zeDeviceGet", [&](uint32_t* count, ze_device_handle_t* out) {
    return functions->zeDeviceGet(driver, count, out);
  });
  if (!handles) return handles.take_error();
  if (handles->empty()) return base::Success{};
  listen_to(*functions, driver);
  const ze_context_desc_t desc{ZE_STRUCTURE_TYPE_CONTEXT_DESC, nullptr, 0};
  ze_context_handle_t made = nullptr;
  if (auto bad = check("zeContextCreate", functions->zeContextCreate(driver, &desc, &made)); !bad) return bad;
  // The context goes when the last device of its driver goes; the table must outlive it.
  const std::shared_ptr<_ze_context_handle_t> context(
      made, [functions](_ze_context_handle_t* handle) { Release{functions.get()}(handle); });
  for (ze_device_handle_t handle : *handles) {
    auto device = std::make_shared<Device>(functions, context, handle);
    if (base::Status read = device->read_properties(driver); !read) return read;
    if (base::Status found = device->find_parts(driver); !found) return found;
    auto behind = std::upper_bound(devices_.begin(), devices_.end(), device,
                                   [](const auto& a, const auto& b) { return rank(*a) < rank(*b); });
    devices_.insert(behind, std::move(device));
  }
  return base::Success{};
}

void Devices::configure(LoaderOptions options) { process_options() = std::move(options); }

const base::Result<Devices>& Devices::get() {
  // Never destroyed: queues and memory of the program may still need the drivers in exit handlers.
  static const auto* const devices = new base::Result<Devices>(open(process_options()));
  return *devices;
}

}  // namespace metate::level_zero
