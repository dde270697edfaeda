#include "runtime/ze_software/kernel.h"

#include <algorithm>
#include <cstring>

#include "runtime/base/byte_stream.h"
#include "runtime/ze_software/context.h"
#include "runtime/ze_software/device.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/module.h"

namespace metate::ze_software {
namespace {

constexpr size_t kLocalAlignment = 128;        // of the largest OpenCL vector, long16
constexpr uint32_t kPreferredGroupSize = 256;  // long enough to fill vectors, short enough to share among threads

Kernel& kernel_of(ze_kernel_handle_t handle) { return *static_cast<Kernel*>(handle); }

size_t round_up(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

/// The largest divisor of `size` up to `limit`.
uint32_t largest_divisor(uint32_t size, uint32_t limit) {
  uint32_t divisor = std::min(size, limit);
  while (size % divisor != 0) --divisor;
  return divisor;
}

/// Kernels of equal SPIR-V and name have equal ids, in any process.
void set_uuid(const Kernel& kernel, ze_kernel_uuid_t& uuid) {
  const Digest& module = kernel.module().digest();
  base::ByteWriter own;
  own.block(std::as_bytes(std::span(module)));
  own.text(kernel.code().name);
  std::ranges::copy(module, uuid.mid);
  std::ranges::copy(digest_of(own.bytes()), uuid.kid);
}

}  // namespace

Kernel::Kernel(Module& module, const CompiledKernel& code)
    : module_(&module),
      program_(module.program),
      code_(&code),
      block_(code.argument_bytes),
      states_(code.arguments.size()) {
  if (code.required_group_size[0]) std::copy_n(code.required_group_size, 3, group_size_);
}

ze_result_t Kernel::set_argument(uint32_t index, size_t size, const void* value) {
  if (index >= states_.size()) return ZE_RESULT_ERROR_INVALID_KERNEL_ARGUMENT_INDEX;
  const KernelArgument& argument = code_->arguments[index];
  ArgumentState& state = states_[index];
  if (argument.kind == ArgumentKind::kLocalPointer) {
    if (value) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    if (size == 0 || size > kMaxLocalMemory) return ZE_RESULT_ERROR_INVALID_KERNEL_ARGUMENT_SIZE;
    state = {true, size};
    return ZE_RESULT_SUCCESS;
  }
  if (size != argument.size) return ZE_RESULT_ERROR_INVALID_KERNEL_ARGUMENT_SIZE;
  std::byte* const place = block_.data() + argument.offset;
  if (value) {
    std::memcpy(place, value, size);
  } else if (argument.kind == ArgumentKind::kPointer) {
    std::memset(place, 0, size);  // a null pointer is a value that a kernel may test
  } else {
    return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  }
  state.set = true;
  return ZE_RESULT_SUCCESS;
}

ze_result_t Kernel::set_group_size(uint32_t x, uint32_t y, uint32_t z) {
  const uint32_t size[3] = {x, y, z};
  uint64_t items = 1;
  for (int d = 0; d < 3; ++d) {
    if (size[d] == 0 || size[d] > kMaxGroupSize) return ZE_RESULT_ERROR_INVALID_GROUP_SIZE_DIMENSION;
    if (code_->required_group_size[0] && size[d] != code_->required_group_size[d]) {
      return ZE_RESULT_ERROR_INVALID_GROUP_SIZE_DIMENSION;
    }
    items *= size[d];
  }
  if (items > kMaxGroupSize) return ZE_RESULT_ERROR_INVALID_GROUP_SIZE_DIMENSION;
  std::copy_n(size, 3, group_size_);
  return ZE_RESULT_SUCCESS;
}

void Kernel::set_global_offset(uint32_t x, uint32_t y, uint32_t z) {
  const uint32_t offset[3] = {x, y, z};
  std::copy_n(offset, 3, global_offset_);
}

std::vector<newer::ze_kernel_allocation_exp_properties_t> Kernel::allocations() const {
  std::vector<newer::ze_kernel_allocation_exp_properties_t> all;
  auto add = [&](const Allocation& found, uint32_t argument) {
    all.push_back(
        {newer::kKernelAllocation, nullptr, reinterpret_cast<uintptr_t>(found.base), found.size, found.type, argument});
  };
  for (uint32_t i = 0; i < states_.size(); ++i) {
    if (!states_[i].set || code_->arguments[i].kind != ArgumentKind::kPointer) continue;
    const void* pointer = nullptr;
    std::memcpy(&pointer, block_.data() + code_->arguments[i].offset, sizeof(pointer));
    if (const auto found = module_->context.find_memory(pointer)) add(*found, i);
  }
  for (const Allocation& found : module_->context.allocations.all()) {
    const bool indirect =
        (found.type == ZE_MEMORY_TYPE_HOST && indirect_access & ZE_KERNEL_INDIRECT_ACCESS_FLAG_HOST) ||
        (found.type == ZE_MEMORY_TYPE_DEVICE && indirect_access & ZE_KERNEL_INDIRECT_ACCESS_FLAG_DEVICE) ||
        (found.type == ZE_MEMORY_TYPE_SHARED && indirect_access & ZE_KERNEL_INDIRECT_ACCESS_FLAG_SHARED);
    if (indirect) add(found, UINT32_MAX);
  }
  return all;
}

ze_result_t Kernel::prepare(const ze_group_count_t& groups, Launch& launch) const {
  for (int d = 0; d < 3; ++d) {
    launch.record.group_size[d] = group_size_[d];
    launch.record.global_offset[d] = global_offset_[d];
  }
  if (ze_result_t bad = set_group_count(launch, groups)) return bad;
  launch.program = program_;
  launch.kernel = code_;
  launch.arguments = block_;
  launch.local_bytes = code_->local_bytes;
  if (code_->check) {
    for (const ArgumentState& state : states_) launch.local_argument_bytes.push_back(state.local_bytes);
  }
  for (size_t i = 0; i < states_.size(); ++i) {
    if (!states_[i].set) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    if (code_->arguments[i].kind != ArgumentKind::kLocalPointer) continue;
    const uint64_t offset = round_up(launch.local_bytes, kLocalAlignment);
    std::memcpy(launch.arguments.data() + code_->arguments[i].offset, &offset, sizeof(offset));
    launch.local_bytes = offset + states_[i].local_bytes;
  }
  return launch.local_bytes <= kMaxLocalMemory ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY;
}

ze_result_t zeKernelCreate(ze_module_handle_t module, const ze_kernel_desc_t* desc, ze_kernel_handle_t* kernel) {
  if (ze_result_t bad = require({module}, {desc, desc ? desc->pKernelName : nullptr, kernel})) return bad;
  if (desc->flags & ~(ZE_KERNEL_FLAG_FORCE_RESIDENCY | ZE_KERNEL_FLAG_EXPLICIT_RESIDENCY)) {
    return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  }
  auto& owner = *static_cast<Module*>(module);
  const CompiledKernel* code = owner.find_kernel(desc->pKernelName);
  if (!code) return ZE_RESULT_ERROR_INVALID_KERNEL_NAME;
  if (!code->refusal.empty()) return explain_refusal(*code);
  if (!owner.program->is_linked()) return ZE_RESULT_ERROR_INVALID_MODULE_UNLINKED;
  *kernel = new Kernel(owner, *code);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelDestroy(ze_kernel_handle_t kernel) {
  if (ze_result_t bad = require({kernel})) return bad;
  delete static_cast<Kernel*>(kernel);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelSetCacheConfig(ze_kernel_handle_t kernel, ze_cache_config_flags_t flags) {
  if (ze_result_t bad = require({kernel})) return bad;
  constexpr ze_cache_config_flags_t known = ZE_CACHE_CONFIG_FLAG_LARGE_SLM | ZE_CACHE_CONFIG_FLAG_LARGE_DATA;
  return flags & ~known ? ZE_RESULT_ERROR_INVALID_ENUMERATION : ZE_RESULT_SUCCESS;  // local memory is cached memory
}

ze_result_t zeKernelSetGroupSize(ze_kernel_handle_t kernel, uint32_t x, uint32_t y, uint32_t z) {
  if (ze_result_t bad = require({kernel})) return bad;
  return kernel_of(kernel).set_group_size(x, y, z);
}

ze_result_t zeKernelSuggestGroupSize(ze_kernel_handle_t kernel, uint32_t width, uint32_t height, uint32_t depth,
                                     uint32_t* x, uint32_t* y, uint32_t* z) {
  if (ze_result_t bad = require({kernel}, {x, y, z})) return bad;
  if (width == 0 || height == 0 || depth == 0) return ZE_RESULT_ERROR_INVALID_GLOBAL_WIDTH_DIMENSION;
  const CompiledKernel& code = kernel_of(kernel).code();
  if (code.required_group_size[0]) {
    *x = code.required_group_size[0];
    *y = code.required_group_size[1];
    *z = code.required_group_size[2];
    return ZE_RESULT_SUCCESS;
  }
  // Items along x are neighbours in memory and become the lanes of vectors; the rest fills the group.
  *x = largest_divisor(width, kPreferredGroupSize);
  *y = largest_divisor(height, std::max(kPreferredGroupSize / *x / 4, 1u));
  *z = 1;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelSuggestMaxCooperativeGroupCount(ze_kernel_handle_t kernel, uint32_t* count) {
  if (ze_result_t bad = require({kernel}, {count})) return bad;
  *count = max_cooperative_groups();
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelSetArgumentValue(ze_kernel_handle_t kernel, uint32_t index, size_t size, const void* value) {
  if (ze_result_t bad = require({kernel})) return bad;
  return kernel_of(kernel).set_argument(index, size, value);
}

ze_result_t zeKernelSetIndirectAccess(ze_kernel_handle_t kernel, ze_kernel_indirect_access_flags_t flags) {
  if (ze_result_t bad = require({kernel})) return bad;
  constexpr ze_kernel_indirect_access_flags_t known = ZE_KERNEL_INDIRECT_ACCESS_FLAG_HOST |
                                                      ZE_KERNEL_INDIRECT_ACCESS_FLAG_DEVICE |
                                                      ZE_KERNEL_INDIRECT_ACCESS_FLAG_SHARED;
  if (flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  kernel_of(kernel).indirect_access = flags;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelGetIndirectAccess(ze_kernel_handle_t kernel, ze_kernel_indirect_access_flags_t* flags) {
  if (ze_result_t bad = require({kernel}, {flags})) return bad;
  *flags = kernel_of(kernel).indirect_access;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelGetSourceAttributes(ze_kernel_handle_t kernel, uint32_t* size, char** text) {
  if (ze_result_t bad = require({kernel}, {size})) return bad;
  return_text(kernel_of(kernel).code().attributes, size, text ? *text : nullptr);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelGetProperties(ze_kernel_handle_t kernel, ze_kernel_properties_t* properties) {
  if (ze_result_t bad = require({kernel}, {properties})) return bad;
  const CompiledKernel& code = kernel_of(kernel).code();
  properties->numKernelArgs = static_cast<uint32_t>(code.arguments.size());
  properties->requiredGroupSizeX = code.required_group_size[0];
  properties->requiredGroupSizeY = code.required_group_size[1];
  properties->requiredGroupSizeZ = code.required_group_size[2];
  properties->requiredNumSubGroups = 0;
  properties->requiredSubgroupSize = code.required_sub_group_size;
  properties->maxSubgroupSize = code.sub_group_size;
  properties->maxNumSubgroups = kMaxGroupSize / code.sub_group_size;
  properties->localMemSize = code.local_bytes;
  properties->privateMemSize = code.bytes_per_item;
  properties->spillMemSize = 0;
  set_uuid(kernel_of(kernel), properties->uuid);
  if (auto* preferred = find_extension<ze_kernel_preferred_group_size_properties_t>(
          properties->pNext, ZE_STRUCTURE_TYPE_KERNEL_PREFERRED_GROUP_SIZE_PROPERTIES)) {
    preferred->preferredMultiple = code.sub_group_size;
  }
  if (auto* limit = find_extension<newer::ze_kernel_max_group_size_properties_ext_t>(properties->pNext,
                                                                                     newer::kKernelMaxGroupSize)) {
    limit->maxGroupSize = kMaxGroupSize;
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelGetName(ze_kernel_handle_t kernel, size_t* size, char* name) {
  if (ze_result_t bad = require({kernel}, {size})) return bad;
  return_text(kernel_of(kernel).code().name, size, name);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelGetModuleHandle(ze_kernel_handle_t kernel, ze_module_handle_t* module) {
  if (ze_result_t bad = require({kernel}, {module})) return bad;
  *module = &kernel_of(kernel).module();
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelGetAllocationPropertiesExp(ze_kernel_handle_t kernel, uint32_t* count,
                                               newer::ze_kernel_allocation_exp_properties_t* allocations) {
  if (ze_result_t bad = require({kernel}, {count})) return bad;
  const auto all = kernel_of(kernel).allocations();
  // The caller's structures stay in their chain.
  const uint32_t room = answer_count(count, static_cast<uint32_t>(all.size()));
  for (uint32_t i = 0; allocations && i < room; ++i) {
    void* const chain = allocations[i].pNext;
    allocations[i] = all[i];
    allocations[i].pNext = chain;
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelSetGlobalOffsetExp(ze_kernel_handle_t kernel, uint32_t x, uint32_t y, uint32_t z) {
  if (ze_result_t bad = require({kernel})) return bad;
  kernel_of(kernel).set_global_offset(x, y, z);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeKernelSchedulingHintExp(ze_kernel_handle_t kernel, ze_scheduling_hint_exp_desc_t* hint) {
  if (ze_result_t bad = require({kernel}, {hint})) return bad;
  constexpr ze_scheduling_hint_exp_flags_t known = ZE_SCHEDULING_HINT_EXP_FLAG_OLDEST_FIRST |
                                                   ZE_SCHEDULING_HINT_EXP_FLAG_ROUND_ROBIN |
                                                   ZE_SCHEDULING_HINT_EXP_FLAG_STALL_BASED_ROUND_ROBIN;
  // A hint only: groups never give way to one another.
  return hint->flags & ~known ? ZE_RESULT_ERROR_INVALID_ENUMERATION : ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
