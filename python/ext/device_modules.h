// device_modules – SPIR-V as modules of the devices that it has run on.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/module.h"

namespace metate::ext {

/// Of one module of SPIR-V. The GIL is its lock, and is given away while a driver builds.
class DeviceModules {
 public:
  /// `checked`: the software driver watches its kernels while they run.
  explicit DeviceModules(bool checked) : checked_(checked) {}

  /// A kernel of the module on a device, built on first use. Throws a Python exception.
  const level_zero::Kernel& kernel(const std::shared_ptr<level_zero::Device>& device, std::span<const uint32_t> words,
                                   const std::string& entry);

 private:
  struct OnDevice {
    std::unique_ptr<level_zero::Module> module;  // before its kernels
    std::map<std::string, std::unique_ptr<level_zero::Kernel>> kernels;
  };
  OnDevice& build(const std::shared_ptr<level_zero::Device>& device, std::span<const uint32_t> words);

  bool checked_;
  std::map<const level_zero::Device*, OnDevice> devices_;  // each module keeps its device alive
};

}  // namespace metate::ext
