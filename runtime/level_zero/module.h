// module – SPIR-V built for a device, and its kernels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/api.h"
#include "runtime/base/result.h"
#include "runtime/level_zero/handles.h"
#include "runtime/level_zero/kernel.h"

struct _ze_module_desc_t;

namespace metate::level_zero {

class Device;

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
