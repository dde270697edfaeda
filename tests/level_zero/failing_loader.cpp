// failing_loader – a Level Zero loader that hands every call on to the real one, unless a test has asked it to fail.
//
// Tests put its folder in front of the library path, and name the real loader in METATE_TEST_LOADER. With
// METATE_TEST_DEVICES it presents several devices, and parts of them, in place of the real one (device_tree.h).
#include <dlfcn.h>
#include <level_zero/ze_api.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "tests/level_zero/device_tree.h"

namespace {

using metate::test::DeviceTree;
using metate::test::PresentedDevice;
using metate::test::PresentedDriver;

constexpr const char* kNames[] = {
#define ZE_FUNCTION(name) #name,
#include "runtime/level_zero/functions.def"
};

enum Index : size_t {
#define ZE_FUNCTION(name) k_##name,
#include "runtime/level_zero/functions.def"
};

struct Plan {
  std::atomic<int> calls_before{-1};  // that still succeed; negative: no call fails
  std::atomic<ze_result_t> result{ZE_RESULT_ERROR_DEVICE_LOST};
  std::atomic<long> calls{0}, failures{0};
};
Plan plans[std::size(kNames)];

/// What every call gives, once the device is lost.
std::atomic<ze_result_t> lost{ZE_RESULT_SUCCESS};

/// What a call has to give instead of being handed on; success: it is handed on.
ze_result_t failure_of(Plan& plan) {
  ++plan.calls;
  int before = plan.calls_before;
  while (before >= 0 && !plan.calls_before.compare_exchange_weak(before, before - 1)) {
  }
  const ze_result_t failure = before == 0 ? plan.result : lost;
  if (failure != ZE_RESULT_SUCCESS) ++plan.failures;
  return failure;
}

Plan* plan_of(const char* name) {
  for (size_t i = 0; i < std::size(kNames); ++i)
    if (std::strcmp(kNames[i], name) == 0) return &plans[i];
  return nullptr;
}

void* real(size_t index) {
  static void* const loader = [] {
    const char* path = std::getenv("METATE_TEST_LOADER");
    return path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
  }();
  return loader ? dlsym(loader, kNames[index]) : nullptr;
}

/// The real function of that index, which must be there.
template <class Function>
Function* real(size_t index) {
  return reinterpret_cast<Function*>(real(index));
}

std::atomic<unsigned> hidden_flags{0}, highest_version{0}, hidden_float_atomics{0};
std::atomic<unsigned> largest_group{0}, local_bytes{0}, only_sub_group{0};  // 0: the device's

/// In each dimension.
unsigned longest_group() { return largest_group / 2; }

bool exceeds_group(uint64_t x, uint64_t y, uint64_t z) {
  return largest_group && (x * y * z > largest_group || std::max({x, y, z}) > longest_group());
}

// What a poorer device would say, after the real one has answered.

void impoverish(ze_device_handle_t, ze_device_module_properties_t* properties) {
  properties->flags &= ~hidden_flags.load();
  if (highest_version) properties->spirvVersionSupported = highest_version;
  for (auto* next = static_cast<ze_base_properties_t*>(properties->pNext); next;
       next = static_cast<ze_base_properties_t*>(next->pNext)) {
    if (next->stype != ZE_STRUCTURE_TYPE_FLOAT_ATOMIC_EXT_PROPERTIES) continue;
    auto* atomics = reinterpret_cast<ze_float_atomic_ext_properties_t*>(next);
    for (auto* flags : {&atomics->fp16Flags, &atomics->fp32Flags, &atomics->fp64Flags})
      *flags &= ~hidden_float_atomics.load();
  }
}

void impoverish(ze_device_handle_t, ze_device_compute_properties_t* properties) {
  if (largest_group) {
    properties->maxTotalGroupSize = largest_group;
    properties->maxGroupSizeX = properties->maxGroupSizeY = properties->maxGroupSizeZ = longest_group();
  }
  if (local_bytes) properties->maxSharedLocalMemory = local_bytes;
  if (!only_sub_group) return;
  properties->numSubGroupSizes = 1;
  properties->subGroupSizes[0] = only_sub_group;
}

void impoverish(ze_kernel_handle_t, uint32_t, uint32_t, uint32_t, uint32_t* x, uint32_t* y, uint32_t* z) {
  for (uint32_t* size : {z, y, x})
    while (exceeds_group(*x, *y, *z) && *size > 1) *size = *size % 2 == 0 ? *size / 2 : 1;
}

template <class... Arguments>
void impoverish(Arguments...) {}

// What a poorer device would refuse.

uint32_t local_bytes_of(ze_kernel_handle_t kernel) {
  ze_kernel_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
  real<decltype(zeKernelGetProperties)>(k_zeKernelGetProperties)(kernel, &properties);
  return properties.localMemSize;
}

template <size_t kIndex, class... Arguments>
ze_result_t refusal(Arguments... arguments) {
  if constexpr (kIndex == k_zeKernelSetGroupSize) {
    const auto [kernel, x, y, z] = std::tuple(arguments...);
    if (exceeds_group(x, y, z)) return ZE_RESULT_ERROR_INVALID_GROUP_SIZE_DIMENSION;
  }
  if constexpr (kIndex == k_zeCommandListAppendLaunchKernel) {
    if (local_bytes && local_bytes_of(std::get<1>(std::tuple(arguments...))) > local_bytes)
      return ZE_RESULT_ERROR_OUT_OF_DEVICE_MEMORY;
  }
  return ZE_RESULT_SUCCESS;
}

/// The first handle of a list that a function of the API gives.
template <class Handle, class Function, class... Owner>
Handle first_of(Function* list, Owner... owner) {
  uint32_t count = 1;
  Handle first = nullptr;
  list(owner..., &count, &first);
  return first;
}

// The real ones that everything presented stands for: the first driver's first device.

ze_driver_handle_t real_driver() {
  static const auto driver = first_of<ze_driver_handle_t>(real<decltype(zeDriverGet)>(k_zeDriverGet));
  return driver;
}

ze_device_handle_t real_device() {
  static const auto device = first_of<ze_device_handle_t>(real<decltype(zeDeviceGet)>(k_zeDeviceGet), real_driver());
  return device;
}

/// What the real loader is given for an argument.
template <class Argument>
Argument handed_on(Argument argument) {
  return argument;
}
ze_driver_handle_t handed_on(ze_driver_handle_t driver) {
  return DeviceTree::get().find(driver) ? real_driver() : driver;
}
ze_device_handle_t handed_on(ze_device_handle_t device) {
  return DeviceTree::get().find(device) ? real_device() : device;
}

/// Answers as the API does where a list is asked for: with its length, then with its handles.
template <class Handle, class Presented>
ze_result_t give(const std::vector<std::unique_ptr<Presented>>& list, uint32_t* count, Handle* out) {
  for (uint32_t i = 0; out && i < *count && i < list.size(); ++i) out[i] = list[i]->handle();
  if (!out || *count > list.size()) *count = static_cast<uint32_t>(list.size());
  return ZE_RESULT_SUCCESS;
}

std::mutex lists_mutex;
std::map<ze_command_list_handle_t, PresentedDevice*> lists;  // the device that each works for

/// What a call comes to where devices are presented; all but these need no more than the real handles.
template <size_t kIndex>
struct Presented {
  template <class... Arguments>
  static ze_result_t run(Arguments... arguments) {
    return real<ze_result_t(Arguments...)>(kIndex)(handed_on(arguments)...);
  }
};

template <>
struct Presented<k_zeDriverGet> {
  static ze_result_t run(uint32_t* count, ze_driver_handle_t* out) {
    return give(DeviceTree::get().drivers(), count, out);
  }
};

template <>
struct Presented<k_zeDeviceGet> {
  static ze_result_t run(ze_driver_handle_t driver, uint32_t* count, ze_device_handle_t* out) {
    return give(DeviceTree::get().find(driver)->devices, count, out);
  }
};

template <>
struct Presented<k_zeDeviceGetSubDevices> {
  static ze_result_t run(ze_device_handle_t device, uint32_t* count, ze_device_handle_t* out) {
    return give(DeviceTree::get().find(device)->parts, count, out);
  }
};

/// Another driver than the real one, which may be known by its id.
template <>
struct Presented<k_zeDriverGetProperties> {
  static ze_result_t run(ze_driver_handle_t driver, ze_driver_properties_t* properties) {
    const ze_result_t result =
        real<decltype(zeDriverGetProperties)>(k_zeDriverGetProperties)(handed_on(driver), properties);
    properties->uuid.id[0] ^= 0xff;
    return result;
  }
};

template <>
struct Presented<k_zeDeviceGetProperties> {
  static ze_result_t run(ze_device_handle_t device, ze_device_properties_t* properties) {
    const ze_result_t result =
        real<decltype(zeDeviceGetProperties)>(k_zeDeviceGetProperties)(handed_on(device), properties);
    const PresentedDevice& presented = *DeviceTree::get().find(device);
    properties->type = presented.type;
    if (presented.is_part) properties->flags |= ZE_DEVICE_PROPERTY_FLAG_SUBDEVICE;
    // Devices of one kind have one name, as those of one maker do, and their parts too.
    std::strcpy(properties->name, presented.type == ZE_DEVICE_TYPE_CPU ? "presented CPU" : "presented GPU");
    return result;
  }
};

/// A GPU that does not reach all memory of the process, as most do not.
template <>
struct Presented<k_zeDeviceGetMemoryAccessProperties> {
  static ze_result_t run(ze_device_handle_t device, ze_device_memory_access_properties_t* properties) {
    const ze_result_t result = real<decltype(zeDeviceGetMemoryAccessProperties)>(k_zeDeviceGetMemoryAccessProperties)(
        handed_on(device), properties);
    if (DeviceTree::get().find(device)->type == ZE_DEVICE_TYPE_GPU) properties->sharedSystemAllocCapabilities = 0;
    return result;
  }
};

template <>
struct Presented<k_zeEventPoolCreate> {
  static ze_result_t run(ze_context_handle_t context, const ze_event_pool_desc_t* desc, uint32_t count,
                         ze_device_handle_t* devices, ze_event_pool_handle_t* pool) {
    std::vector<ze_device_handle_t> real_devices;
    for (ze_device_handle_t device : std::span(devices, count)) real_devices.push_back(handed_on(device));
    return real<decltype(zeEventPoolCreate)>(k_zeEventPoolCreate)(context, desc, count, real_devices.data(), pool);
  }
};

template <>
struct Presented<k_zeCommandListCreateImmediate> {
  static ze_result_t run(ze_context_handle_t context, ze_device_handle_t device, const ze_command_queue_desc_t* desc,
                         ze_command_list_handle_t* list) {
    const ze_result_t result = real<decltype(zeCommandListCreateImmediate)>(k_zeCommandListCreateImmediate)(
        context, handed_on(device), desc, list);
    const std::lock_guard lock(lists_mutex);
    if (result == ZE_RESULT_SUCCESS) lists[*list] = DeviceTree::get().find(device);
    return result;
  }
};

template <>
struct Presented<k_zeCommandListAppendLaunchKernel> {
  template <class... Arguments>
  static ze_result_t run(ze_command_list_handle_t list, Arguments... arguments) {
    {
      const std::lock_guard lock(lists_mutex);
      ++lists.at(list)->launches;
    }
    return real<decltype(zeCommandListAppendLaunchKernel)>(k_zeCommandListAppendLaunchKernel)(list, arguments...);
  }
};

template <size_t kIndex, class Function>
struct Call;
template <size_t kIndex, class... Arguments>
struct Call<kIndex, ze_result_t(Arguments...)> {
  static ze_result_t run(Arguments... arguments) {
    if (const ze_result_t failure = failure_of(plans[kIndex]); failure != ZE_RESULT_SUCCESS) return failure;
    static auto* const function = real<ze_result_t(Arguments...)>(kIndex);
    if (!function) return ZE_RESULT_ERROR_UNINITIALIZED;
    if (const ze_result_t refused = refusal<kIndex>(arguments...); refused != ZE_RESULT_SUCCESS) return refused;
    const ze_result_t result =
        DeviceTree::get().is_empty() ? function(arguments...) : Presented<kIndex>::run(arguments...);
    if (result == ZE_RESULT_SUCCESS) impoverish(arguments...);
    return result;
  }
};

}  // namespace

// Each function of the API is one of the calls above: the dynamic linker asks which.
#define ZE_FUNCTION(name)                                                                  \
  extern "C" __attribute__((visibility("hidden"), used)) decltype(&::name) find_##name() { \
    return &Call<k_##name, std::remove_pointer_t<decltype(&::name)>>::run;                 \
  }                                                                                        \
  extern "C" __attribute__((visibility("default"), ifunc("find_" #name))) decltype(::name) name;
#include "runtime/level_zero/functions.def"

/// From now on `calls_before` calls of a function succeed, then one fails with `result`; negative: none fails.
extern "C" __attribute__((visibility("default"))) int metate_test_fail(const char* name, int calls_before,
                                                                       unsigned result) {
  Plan* const plan = plan_of(name);
  if (!plan) return 0;
  plan->result = static_cast<ze_result_t>(result);
  plan->calls_before = calls_before;
  return 1;
}

/// From now on every call of every function gives `result`, as those of a device that is lost do; 0: they succeed
/// again.
extern "C" __attribute__((visibility("default"))) void metate_test_lose(unsigned result) {
  lost = static_cast<ze_result_t>(result);
}

/// Devices that are looked for from now on lack these features of modules and take SPIR-V up to this version (0:
/// theirs).
extern "C" __attribute__((visibility("default"))) void metate_test_impoverish(unsigned flags, unsigned version) {
  hidden_flags = flags;
  highest_version = version;
}

/// The same of atomic operations on floats: ze_device_fp_atomic_ext_flags_t, of each width.
extern "C" __attribute__((visibility("default"))) void metate_test_hide_float_atomics(unsigned flags) {
  hidden_float_atomics = flags;
}

/// The same of groups with more items than this, or half of it in a dimension, of more local memory, and of sub-groups
/// of other sizes (0: theirs).
extern "C" __attribute__((visibility("default"))) void metate_test_limit(unsigned group, unsigned local,
                                                                         unsigned sub_group) {
  largest_group = group;
  local_bytes = local;
  only_sub_group = sub_group;
}

/// How often a function was called so far.
extern "C" __attribute__((visibility("default"))) long metate_test_calls(const char* name) {
  const Plan* const plan = plan_of(name);
  return plan ? plan->calls.load() : -1;
}

/// How many of its calls failed since a test asked for it.
extern "C" __attribute__((visibility("default"))) long metate_test_failures(const char* name) {
  const Plan* const plan = plan_of(name);
  return plan ? plan->failures.load() : -1;
}

/// How many launches went to a presented device; devices count with their parts behind them. Negative: there is none.
extern "C" __attribute__((visibility("default"))) long metate_test_launches(size_t number) {
  const std::vector<PresentedDevice*> devices = DeviceTree::get().all();
  const std::lock_guard lock(lists_mutex);
  return number < devices.size() ? devices[number]->launches : -1;
}

/// The names of all functions, in order; null at the end.
extern "C" __attribute__((visibility("default"))) const char* metate_test_name(size_t index) {
  return index < std::size(kNames) ? kNames[index] : nullptr;
}
