// failing_loader – a Level Zero loader that hands every call on to the real one, unless a test has asked it to fail.
//
// Tests put its folder in front of the library path, and name the real loader in METATE_TEST_LOADER.
#include <dlfcn.h>
#include <level_zero/ze_api.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <type_traits>

namespace {

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

std::atomic<unsigned> hidden_flags{0}, highest_version{0};

/// What a poorer device would say.
void impoverish(ze_device_module_properties_t* properties) {
  properties->flags &= ~hidden_flags.load();
  if (highest_version) properties->spirvVersionSupported = highest_version;
}

void impoverish(ze_device_handle_t) {}

template <size_t kIndex, class Function>
struct Call;
template <size_t kIndex, class... Arguments>
struct Call<kIndex, ze_result_t(Arguments...)> {
  static ze_result_t run(Arguments... arguments) {
    if (const ze_result_t failure = failure_of(plans[kIndex]); failure != ZE_RESULT_SUCCESS) return failure;
    static void* const function = real(kIndex);
    if (!function) return ZE_RESULT_ERROR_UNINITIALIZED;
    const ze_result_t result = reinterpret_cast<ze_result_t (*)(Arguments...)>(function)(arguments...);
    if constexpr (kIndex == k_zeDeviceGetModuleProperties) (impoverish(arguments), ...);
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

/// The names of all functions, in order; null at the end.
extern "C" __attribute__((visibility("default"))) const char* metate_test_name(size_t index) {
  return index < std::size(kNames) ? kNames[index] : nullptr;
}
