#include "tests/level_zero/exceptions.h"

#include <dlfcn.h>
#include <fnmatch.h>
#include <level_zero/loader/ze_loader.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "runtime/ze_software/newer_api.h"
#include "tests/level_zero/api.h"

namespace metate::test {
bool Subject::is_found_by_handles() const {
  uint32_t drivers = 0;
  EXPECT_ZE(ZE(zeDriverGet)(&drivers, nullptr));
  return drivers != 1 || std::getenv("ZE_ENABLE_LOADER_INTERCEPT");
}

bool Subject::wraps_handles() const {
  void* own = nullptr;
  EXPECT_ZE(ZE(zelLoaderTranslateHandle)(ZEL_HANDLE_DRIVER, driver_, &own));
  return own != driver_;
}

bool Subject::loader_is_before(int major, int minor) const {
  size_t count = 0;
  EXPECT_ZE(ZE(zelLoaderGetVersions)(&count, nullptr));
  std::vector<zel_component_version_t> components(count);
  EXPECT_ZE(ZE(zelLoaderGetVersions)(&count, components.data()));
  return std::any_of(components.begin(), components.end(), [&](const zel_component_version_t& component) {
    const zel_version_t& version = component.component_lib_version;
    return std::strcmp(component.component_name, "loader") == 0 &&
           std::pair(version.major, version.minor) < std::pair(major, minor);
  });
}

bool Subject::is_under_thread_sanitizer() {
#if defined(__has_feature) && __has_feature(thread_sanitizer)
  return true;
#else
  return false;
#endif
}

bool Subject::lacks_extension(const char* name) const {
  uint32_t count = 0;
  EXPECT_ZE(ZE(zeDriverGetExtensionProperties)(driver_, &count, nullptr));
  std::vector<ze_driver_extension_properties_t> extensions(count);
  EXPECT_ZE(ZE(zeDriverGetExtensionProperties)(driver_, &count, extensions.data()));
  return std::none_of(extensions.begin(), extensions.end(),
                      [&](const auto& extension) { return std::strcmp(extension.name, name) == 0; });
}

bool Subject::gives(const char* name) const {
  void* address = nullptr;
  return ZE(zeDriverGetExtensionFunctionAddress)(driver_, name, &address) == ZE_RESULT_SUCCESS && address;
}

void* Subject::library() const {
  const char* drivers = std::getenv("METATE_ZE_TEST_DRIVERS");
  return dlopen(drivers ? drivers : METATE_ZE_DRIVER, RTLD_NOW);
}

bool Subject::has_sub_groups_of(uint32_t items) const {
  ze_device_compute_properties_t compute{};
  compute.stype = ZE_STRUCTURE_TYPE_DEVICE_COMPUTE_PROPERTIES;
  EXPECT_ZE(ZE(zeDeviceGetComputeProperties)(device_, &compute));
  const std::span sizes(compute.subGroupSizes, compute.numSubGroupSizes);
  return std::find(sizes.begin(), sizes.end(), items) != sizes.end();
}

bool Subject::has_cooperative_kernels() const {
  uint32_t count = 1;
  ze_command_queue_group_properties_t group{};
  group.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_GROUP_PROPERTIES;
  EXPECT_ZE(ZE(zeDeviceGetCommandQueueGroupProperties)(device_, &count, &group));
  return group.flags & ZE_COMMAND_QUEUE_GROUP_PROPERTY_FLAG_COOPERATIVE_KERNELS;
}

bool Subject::has_free_policies() const {
  ze_driver_memory_free_ext_properties_t free{};
  free.stype = ZE_STRUCTURE_TYPE_DRIVER_MEMORY_FREE_EXT_PROPERTIES;
  ze_driver_properties_t driver{};
  driver.stype = ZE_STRUCTURE_TYPE_DRIVER_PROPERTIES;
  driver.pNext = &free;
  EXPECT_ZE(ZE(zeDriverGetProperties)(driver_, &driver));
  return free.freePolicies;
}

bool Subject::has_virtual_memory() const {
  const ze_context_desc_t desc{ZE_STRUCTURE_TYPE_CONTEXT_DESC, nullptr, 0};
  ze_context_handle_t context = nullptr;
  EXPECT_ZE(ZE(zeContextCreate)(driver_, &desc, &context));
  size_t page = 0;
  const ze_result_t result = ZE(zeVirtualMemQueryPageSize)(context, device_, 1, &page);
  EXPECT_ZE(ZE(zeContextDestroy)(context));
  return result != ZE_RESULT_ERROR_UNSUPPORTED_FEATURE;
}

bool Subject::shares_with_processes(ze_ipc_property_flags_t flags) const {
  ze_driver_ipc_properties_t ipc{ZE_STRUCTURE_TYPE_DRIVER_IPC_PROPERTIES, nullptr, 0};
  EXPECT_ZE(ZE(zeDriverGetIpcProperties)(driver_, &ipc));
  return (ipc.flags & flags) == flags;
}

bool Subject::has_images() const {
  ze_device_image_properties_t images{};
  images.stype = ZE_STRUCTURE_TYPE_DEVICE_IMAGE_PROPERTIES;
  return ZE(zeDeviceGetImageProperties)(device_, &images) == ZE_RESULT_SUCCESS;
}

bool Subject::has_dot_products() const {
  ze_device_module_properties_t module{};
  module.stype = ZE_STRUCTURE_TYPE_DEVICE_MODULE_PROPERTIES;
  EXPECT_ZE(ZE(zeDeviceGetModuleProperties)(device_, &module));
  return module.flags & ZE_DEVICE_MODULE_FLAG_DP4A;
}

bool Subject::has_atomic_halves(uint32_t flags) const {
  ze_float_atomic_ext_properties_t atomics{};
  atomics.stype = ZE_STRUCTURE_TYPE_FLOAT_ATOMIC_EXT_PROPERTIES;
  ze_device_module_properties_t module{};
  module.stype = ZE_STRUCTURE_TYPE_DEVICE_MODULE_PROPERTIES;
  module.pNext = &atomics;
  EXPECT_ZE(ZE(zeDeviceGetModuleProperties)(device_, &module));
  return (atomics.fp16Flags & flags) == flags;
}

// Reasons that several rows of the list have.
static constexpr char kStrangeHandles[] = "the driver's own functions do not know a loader's handles";
static constexpr char kLostLogs[] =
    "this loader gives the log of a build that failed as the driver's handle, and crashes when it gets it back";
static constexpr char kLostModules[] = "this loader gives the driver its own handles in the list of modules to link";

std::span<const Exception> exceptions() {
#define EXCEPTION(tests, condition, reason) \
  {tests, []([[maybe_unused]] const Subject& driver) -> bool { return condition; }, reason},
  static constexpr Exception all[] = {
#include "tests/level_zero/exceptions.def"
  };
  return all;
}

const char* excuse(const Subject& driver) {
  const ::testing::TestInfo& test = *::testing::UnitTest::GetInstance()->current_test_info();
  const std::string name = std::string(test.test_suite_name()) + "." + test.name();
  for (const Exception& exception : exceptions()) {
    if (fnmatch(exception.tests, name.c_str(), 0) == 0 && exception.holds(driver)) return exception.reason;
  }
  return nullptr;
}

}  // namespace metate::test
