#include "python/ext/device_modules.h"

#include <utility>

#include "python/ext/native_modules.h"
#include "python/ext/raise.h"
#include "python/ext/ref.h"
#include "runtime/abi/kernel_check.h"

namespace metate::ext {

const level_zero::Extent3& DeviceKernel::suggested_group(const level_zero::Device& device,
                                                         const level_zero::Extent3& items) {
  if (items != items_) {
    group_ = take(kernel_.suggest_group_size(device, items));
    items_ = items;
  }
  return group_;
}

DeviceKernel& DeviceModules::kernel(const std::shared_ptr<level_zero::Device>& device, std::span<const uint32_t> words,
                                    const std::string& entry) {
  const std::pair<const level_zero::Device*, const std::string*> asked(device.get(), &entry);
  if (last_ && asked == asked_last_) return *last_;
  auto known = devices_.find(device.get());
  OnDevice& on_device = known != devices_.end() ? known->second : build(device, words);
  std::unique_ptr<DeviceKernel>& kernel = on_device.kernels[entry];
  if (!kernel) kernel = std::make_unique<DeviceKernel>(take(on_device.module->kernel(entry)));
  asked_last_ = asked;
  return *(last_ = kernel.get());
}

DeviceModules::OnDevice& DeviceModules::build(const std::shared_ptr<level_zero::Device>& device,
                                              std::span<const uint32_t> words) {
  base::Result<level_zero::Module> module = [&] {
    // Code that is watched refers to the process that watches it.
    if (cached_ && !checked_ && !abi::is_kernel_check_wanted()) return load_or_build(device, words);
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
