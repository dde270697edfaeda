// device_modules – SPIR-V as modules of the devices that it has run on.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "compiler/codegen/filled_array.h"
#include "python/ext/launch_notes.h"
#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/module.h"

namespace metate::ext {

/// A kernel on a device, and the last answer to what is asked at every launch. The GIL is its lock.
class DeviceKernel {
 public:
  explicit DeviceKernel(level_zero::Kernel kernel) : kernel_(std::move(kernel)) {}

  const level_zero::Kernel& kernel() const { return kernel_; }
  /// The size of groups that the device suggests for so many items. Throws a Python exception.
  const level_zero::Extent3& suggested_group(const level_zero::Extent3& items);

 private:
  level_zero::Kernel kernel_;
  level_zero::Extent3 items_{}, group_{};
};

/// Of one module of SPIR-V. The GIL is its lock, and is given away while a driver builds.
class DeviceModules {
 public:
  /// `checked`: the software driver watches its kernels while they run. `cached`: what drivers build is kept on disk.
  DeviceModules(bool checked, bool cached) : checked_(checked), cached_(cached) {}

  /// A kernel of the module on a device, built on first use and given its arrays. Throws a Python exception.
  DeviceKernel& kernel(const std::shared_ptr<level_zero::Device>& device, std::span<const uint32_t> words,
                       const std::string& entry, std::span<const codegen::FilledArray> global_arrays = {},
                       const LaunchNotes* notes = nullptr);

 private:
  struct OnDevice {
    std::unique_ptr<level_zero::Module> module;  // before its kernels
    std::map<std::string, std::unique_ptr<DeviceKernel>> kernels;
  };
  OnDevice& build(const std::shared_ptr<level_zero::Device>& device, std::span<const uint32_t> words,
                  std::span<const codegen::FilledArray> global_arrays, const LaunchNotes* notes);

  bool checked_;
  bool cached_;
  DeviceKernel* last_ = nullptr;
  std::pair<const level_zero::Device*, const std::string*> asked_last_;
  std::map<const level_zero::Device*, OnDevice> devices_;  // each module keeps its device alive
};

}  // namespace metate::ext
