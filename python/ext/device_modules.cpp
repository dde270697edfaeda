#include "python/ext/device_modules.h"

#include <utility>

#include "python/ext/raise.h"
#include "python/ext/ref.h"
#include "runtime/abi/kernel_check.h"

namespace metate::ext {

const level_zero::Kernel& DeviceModules::kernel(const std::shared_ptr<level_zero::Device>& device,
                                                std::span<const uint32_t> words, const std::string& entry) {
  auto known = devices_.find(device.get());
  OnDevice& on_device = known != devices_.end() ? known->second : build(device, words);
  std::unique_ptr<level_zero::Kernel>& kernel = on_device.kernels[entry];
  if (!kernel) kernel = std::make_unique<level_zero::Kernel>(take(on_device.module->kernel(entry)));
  return *kernel;
}

DeviceModules::OnDevice& DeviceModules::build(const std::shared_ptr<level_zero::Device>& device,
                                              std::span<const uint32_t> words) {
  base::Result<level_zero::Module> module = [&] {
    ReleaseGil released;
    return level_zero::Module::from_spirv(device, words, checked_ ? abi::kKernelCheckFlag : nullptr);
  }();
  if (!module) fail(module.error());
  OnDevice& made = devices_[device.get()];
  // Another thread may have built it meanwhile, and its kernels may be running.
  if (!made.module) made.module = std::make_unique<level_zero::Module>(std::move(*module));
  return made;
}

}  // namespace metate::ext
