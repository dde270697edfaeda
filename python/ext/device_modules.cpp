#include "python/ext/device_modules.h"

#include <utility>

#include "python/ext/native_modules.h"
#include "python/ext/raise.h"
#include "python/ext/ref.h"
#include "runtime/abi/kernel_check.h"
#include "runtime/level_zero/queue.h"

namespace metate::ext {
namespace {

base::Status fill(const level_zero::Module& module, std::span<const codegen::FilledArray> arrays) {
  if (arrays.empty()) return base::Success{};
  base::Result<level_zero::Queue> queue = level_zero::Queue::make(module.device(), level_zero::QueueMode::kBlocking);
  if (!queue) return queue.take_error();
  for (const codegen::FilledArray& array : arrays) {
    base::Result<void*> variable = module.variable(array.symbol);
    if (!variable) return variable.take_error();
    if (base::Status bad = queue->copy(*variable, array.array->data(), array.array->bytes()); !bad) return bad;
  }
  return base::Success{};
}

base::Result<level_zero::Module> build_now(const std::shared_ptr<level_zero::Device>& device,
                                           std::span<const uint32_t> words, bool checked) {
  ReleaseGil released;
  return level_zero::Module::from_spirv(device, words, checked ? abi::kKernelCheckFlag : nullptr);
}

}  // namespace

const level_zero::Extent3& DeviceKernel::suggested_group(const level_zero::Extent3& items) {
  if (items != items_) {
    group_ = take(kernel_.suggest_group_size(items));
    items_ = items;
  }
  return group_;
}

DeviceKernel& DeviceModules::kernel(const std::shared_ptr<level_zero::Device>& device, std::span<const uint32_t> words,
                                    const std::string& entry, std::span<const codegen::FilledArray> global_arrays,
                                    const LaunchNotes* notes) {
  const std::pair<const level_zero::Device*, const std::string*> asked(device.get(), &entry);
  if (last_ && asked == asked_last_) return *last_;
  auto known = devices_.find(device.get());
  OnDevice& on_device = known != devices_.end() ? known->second : build(device, words, global_arrays, notes);
  std::unique_ptr<DeviceKernel>& kernel = on_device.kernels[entry];
  if (!kernel) kernel = std::make_unique<DeviceKernel>(take(on_device.module->kernel(entry)));
  asked_last_ = asked;
  return *(last_ = kernel.get());
}

DeviceModules::OnDevice& DeviceModules::build(const std::shared_ptr<level_zero::Device>& device,
                                              std::span<const uint32_t> words,
                                              std::span<const codegen::FilledArray> global_arrays,
                                              const LaunchNotes* notes) {
  base::Result<level_zero::Module> module = [&]() -> base::Result<level_zero::Module> {
    // Code that is watched refers to the process that watches it.
    const bool is_kept = cached_ && !checked_ && !abi::is_kernel_check_wanted();
    base::Result<level_zero::Module> built =
        is_kept ? load_or_build(device, words) : build_now(device, words, checked_);
    if (!built) return built;
    ReleaseGil released;
    if (base::Status bad = fill(*built, global_arrays); !bad) return bad.take_error();
    return built;
  }();
  if (!module) fail(notes ? explained_build(module.error(), *notes, words, *device) : module.error());
  OnDevice& made = devices_[device.get()];
  // Another thread may have built it meanwhile, and its kernels may be running.
  if (!made.module) made.module = std::make_unique<level_zero::Module>(std::move(*module));
  return made;
}

}  // namespace metate::ext
