// module – SPIR-V built for a device, and its kernels.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/level_zero/handles.h"

struct _ze_module_desc_t;

namespace metate::level_zero {

class Device;
class Module;

using Extent3 = std::array<uint32_t, 3>;

/// What the driver knows of a kernel. Sizes in work-items or bytes; 0 where the kernel or the driver does not say.
struct KernelProperties {
  uint32_t required_sub_groups = 0;
  uint32_t required_sub_group_size = 0;
  uint32_t max_sub_groups = 0;
  uint32_t max_sub_group_size = 0;
  uint32_t preferred_multiple = 0;  // of group sizes
  uint32_t local_bytes = 0;
  uint32_t private_bytes = 0;
  std::array<uint8_t, 16> uuid{};  // equal for kernels of one code
};

/// A kernel of a module. Its arguments, group size and offset are state of the driver's object, so a launch locks it.
/// Safe to use from several threads; its module must outlive it.
class METATE_API Kernel {
 public:
  const std::string& name() const { return name_; }
  uint32_t argument_count() const { return argument_count_; }

  base::Result<KernelProperties> properties(const Device& device) const;

  /// The size of groups that the driver suggests for so many items.
  base::Result<Extent3> suggest_group_size(const Device& device, const Extent3& items) const;

 private:
  friend class Module;
  friend class Queue;
  KernelHandle handle_;
  std::string name_;
  uint32_t argument_count_ = 0;
  mutable Extent3 offset_{};  // of its next launch, as the driver knows it
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();
};

/// The value that a specialization constant of SPIR-V is to have, by its SpecId.
struct SpecializationConstant {
  uint32_t id = 0;
  std::vector<std::byte> value;
};

class METATE_API Module {
 public:
  /// An Error carries the driver's build log.
  static base::Result<Module> from_spirv(std::shared_ptr<Device> device, std::span<const uint32_t> words,
                                         const char* build_flags = nullptr,
                                         std::span<const SpecializationConstant> constants = {});
  /// From what `native_binary` gave in this process or another. Drivers refuse those of other drivers and devices.
  static base::Result<Module> from_binary(std::shared_ptr<Device> device, std::span<const std::byte> binary);
  base::Result<std::vector<std::byte>> native_binary() const;

  base::Result<std::vector<std::string>> kernel_names() const;
  base::Result<Kernel> kernel(const std::string& name) const;

  /// Where a variable that the module exports lies on the device.
  base::Result<void*> variable(const std::string& name) const;

  const std::shared_ptr<Device>& device() const { return device_; }
  /// Notes and warnings of the build.
  const std::string& log() const { return log_; }

 private:
  static base::Result<Module> create(std::shared_ptr<Device> device, const _ze_module_desc_t& desc);

  std::shared_ptr<Device> device_;  // before the handle, so that it goes last
  ModuleHandle handle_;
  std::string log_;
};

}  // namespace metate::level_zero
