// devices – the devices of all drivers, real ones first.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/abi/device_features.h"
#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/level_zero/handles.h"
#include "runtime/level_zero/loader.h"

namespace metate::level_zero {

class MemoryPool;
class EventPool;

enum class DeviceType : uint8_t { kGpu, kCpu, kFpga, kMca, kVpu, kOther };

/// "gpu", "cpu" … as filter strings have it.
METATE_API const char* device_type_name(DeviceType type);

struct DeviceProperties {
  uint32_t vendor_id = 0;
  uint32_t device_id = 0;
  uint32_t driver_version = 0;
  uint32_t compute_units = 0;
  uint32_t core_clock_mhz = 0;
  uint64_t memory_bytes = 0;
  uint64_t max_allocation_bytes = 0;
  uint32_t max_group_size = 0;
  uint32_t max_group_sizes[3] = {0, 0, 0};
  uint64_t max_group_counts[3] = {0, 0, 0};
  uint32_t max_local_bytes = 0;
  uint32_t max_argument_bytes = 0;
  std::vector<uint32_t> sub_group_sizes;
  uint32_t api_version = 0;  // of the driver; 0x00010004 is 1.4
  uint32_t half_flags = 0;   // of arithmetic with float16, float32 and float64: ze_device_fp_flag_t
  uint32_t single_flags = 0;
  uint32_t double_flags = 0;
  bool corrects_memory_errors = false;
  uint32_t spirv_version = 0;        // 0x00010002 is 1.2
  double timestamp_nanoseconds = 1;  // of one tick
  uint32_t timestamp_bits = 64;      // after which the times of commands begin at 0 again
  bool has_fp64 = false;
  bool has_fp16 = false;
  bool has_int64_atomics = false;
  abi::DeviceFeatures features;
  uint64_t cache_bytes = 0;
  uint32_t simd_lanes = 1;          // of 32 bits, that an execution unit has
  bool has_host_memory = false;     // allocations of host memory that the device reaches
  bool has_device_memory = false;   // allocations of its own memory
  bool has_shared_memory = false;   // allocations that move between host and device
  bool has_host_atomics = false;    // atomic operations on the first of these kinds
  bool has_shared_atomics = false;  // … and on the last
  bool shares_host_memory = false;  // kernels reach any memory of the process
};

/// One device, and what every user of it shares: its driver's context, its pools of memory and events. Safe to use from
/// several threads.
class METATE_API Device {
 public:
  Device(std::shared_ptr<const Functions> functions, std::shared_ptr<_ze_context_handle_t> context,
         _ze_device_handle_t* handle);
  ~Device();

  const std::string& name() const { return name_; }
  const std::string& vendor() const { return vendor_; }
  DeviceType type() const { return type_; }
  const DeviceProperties& properties() const { return properties_; }
  /// Equal for devices that run each other's native binaries, as far as their drivers say; they refuse others.
  const std::string& binary_kind() const { return binary_kind_; }
  /// True for the driver in this library, false for everything a vendor ships.
  bool is_software() const { return is_software_; }

  const Functions& functions() const { return *functions_; }
  _ze_context_handle_t* context() const { return context_.get(); }
  _ze_device_handle_t* handle() const { return handle_; }
  MemoryPool& memory() { return *memory_; }
  EventPool& events() { return *events_; }

  /// The parts that it can be divided into, each a device; often there are none.
  std::span<const std::shared_ptr<Device>> parts() const { return parts_; }
  /// The device that this is a part of; null for a whole one.
  const Device* whole() const { return whole_; }

  /// The time now, on the clock of CommandTimes.
  base::Result<double> clock_nanoseconds() const;

 private:
  friend class Devices;
  base::Status read_properties(_ze_driver_handle_t* driver);
  base::Status find_parts(_ze_driver_handle_t* driver);

  std::shared_ptr<const Functions> functions_;
  std::shared_ptr<_ze_context_handle_t> context_;
  _ze_device_handle_t* handle_;
  std::string name_;
  std::string vendor_;
  std::string binary_kind_;
  DeviceType type_ = DeviceType::kOther;
  DeviceProperties properties_;
  bool is_software_ = false;
  std::unique_ptr<MemoryPool> memory_;
  std::unique_ptr<EventPool> events_;
  std::vector<std::shared_ptr<Device>> parts_;
  const Device* whole_ = nullptr;
};

/// Every device that was found.
class METATE_API Devices {
 public:
  /// Asks all drivers. A driver that fails is left out and named in `notes`; an Error means that there is no device.
  static base::Result<Devices> open(const LoaderOptions& options);

  /// Says where to look, before the first `get`; later calls have no effect.
  static void configure(LoaderOptions options);

  /// The devices of the process, looked for once.
  static const base::Result<Devices>& get();

  /// Real devices before the software one, GPUs before others; never empty.
  std::span<const std::shared_ptr<Device>> all() const { return devices_; }
  const std::shared_ptr<Device>& preferred() const { return devices_.front(); }

  /// What went wrong on the way without being fatal, a sentence each.
  std::span<const std::string> notes() const { return notes_; }

 private:
  void add_drivers(std::unique_ptr<const Functions> functions);
  base::Status add_driver(const std::shared_ptr<const Functions>& functions, _ze_driver_handle_t* driver);

  std::vector<std::shared_ptr<Device>> devices_;
  std::vector<std::string> notes_;
};

}  // namespace metate::level_zero
