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
  kernel.idle_->objects.push_back({std::move(*first)});
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

base::Result<Kernel::Lease> Kernel::lease() const {
  {
    std::lock_guard lock(idle_->mutex);
    if (!idle_->objects.empty()) {
      Lease lease(std::move(idle_->objects.back()), *idle_);
      idle_->objects.pop_back();
      return lease;
    }
  }
  base::Result<KernelHandle> made = make_object();
  if (!made) return made.take_error();
  return Lease({std::move(*made)}, *idle_);
}

Kernel::Lease::~Lease() {
  if (!object_.handle) return;  // moved on
  std::lock_guard lock(idle_.mutex);
  idle_.objects.push_back(std::move(object_));
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
