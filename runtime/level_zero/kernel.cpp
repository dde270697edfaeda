#include "runtime/level_zero/kernel.h"

#include <algorithm>
#include <utility>

#include "runtime/level_zero/error.h"
#include "runtime/level_zero/functions.h"

namespace metate::level_zero {

base::Result<Kernel> Kernel::make(const Functions& functions, ze_module_handle_t module, std::string name) {
  Kernel kernel;
  kernel.functions_ = &functions;
  kernel.module_ = module;
  kernel.name_ = std::move(name);
  base::Result<KernelHandle> first = kernel.make_object();
  if (!first) return first.take_error();
  ze_kernel_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
  if (auto bad = check("zeKernelGetProperties", functions.zeKernelGetProperties(first->get(), &properties)); !bad)
    return bad.take_error();
  kernel.argument_count_ = properties.numKernelArgs;
  kernel.idle_->give_back(std::make_unique<Object>(Object{std::move(*first)}));
  return kernel;
}

base::Result<KernelHandle> Kernel::make_object() const {
  ze_kernel_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_KERNEL_DESC;
  desc.pKernelName = name_.c_str();
  ze_kernel_handle_t made = nullptr;
  const ze_result_t result = functions_->zeKernelCreate(module_, &desc, &made);
  if (result == ZE_RESULT_SUCCESS) return KernelHandle(made, Release{functions_});
  base::Error error = call_error("zeKernelCreate", result);
  error.message += ": kernel '" + name_ + "'";
  return error;
}

std::unique_ptr<Kernel::Object> Kernel::Idle::take() {
  if (Object* object = one.exchange(nullptr, std::memory_order_acquire)) return std::unique_ptr<Object>(object);
  std::lock_guard lock(mutex);
  if (others.empty()) return nullptr;
  std::unique_ptr<Object> object = std::move(others.back());
  others.pop_back();
  return object;
}

void Kernel::Idle::give_back(std::unique_ptr<Object> object) {
  Object* none = nullptr;
  if (one.compare_exchange_strong(none, object.get(), std::memory_order_release, std::memory_order_relaxed)) {
    object.release();
    return;
  }
  std::lock_guard lock(mutex);
  others.push_back(std::move(object));
}

base::Result<Kernel::Lease> Kernel::lease() const {
  if (std::unique_ptr<Object> idle = idle_->take()) return Lease(std::move(idle), *idle_);
  base::Result<KernelHandle> made = make_object();
  if (!made) return made.take_error();
  return Lease(std::make_unique<Object>(Object{std::move(*made)}), *idle_);
}

base::Result<KernelProperties> Kernel::properties() const {
  base::Result<Lease> object = lease();
  if (!object) return object.take_error();
  ze_kernel_preferred_group_size_properties_t preferred{};
  preferred.stype = ZE_STRUCTURE_TYPE_KERNEL_PREFERRED_GROUP_SIZE_PROPERTIES;
  ze_kernel_properties_t of_driver{};
  of_driver.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
  of_driver.pNext = &preferred;
  const ze_result_t result = functions_->zeKernelGetProperties(object->handle(), &of_driver);
  if (result != ZE_RESULT_SUCCESS) return call_error("zeKernelGetProperties", result);
  KernelProperties properties;
  properties.required_sub_groups = of_driver.requiredNumSubGroups;
  properties.required_sub_group_size = of_driver.requiredSubgroupSize;
  properties.max_sub_groups = of_driver.maxNumSubgroups;
  properties.max_sub_group_size = of_driver.maxSubgroupSize;
  properties.preferred_multiple = preferred.preferredMultiple;
  properties.local_bytes = of_driver.localMemSize;
  properties.private_bytes = of_driver.privateMemSize;
  std::copy(std::begin(of_driver.uuid.kid), std::end(of_driver.uuid.kid), properties.uuid.begin());
  return properties;
}

base::Result<Extent3> Kernel::suggest_group_size(const Extent3& items) const {
  base::Result<Lease> object = lease();
  if (!object) return object.take_error();
  Extent3 size{};
  const ze_result_t result = functions_->zeKernelSuggestGroupSize(object->handle(), items[0], items[1], items[2],
                                                                  &size[0], &size[1], &size[2]);
  if (result != ZE_RESULT_SUCCESS) return call_error("zeKernelSuggestGroupSize", result);
  return size;
}

}  // namespace metate::level_zero
