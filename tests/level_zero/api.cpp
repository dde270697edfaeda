#include "tests/level_zero/api.h"

#include <dlfcn.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/level_zero/exceptions.h"

namespace metate::test {
namespace {

/// Opens the loader with the drivers to test: ours, or those that the environment names.
void* open_loader() {
  const char* drivers = std::getenv("METATE_ZE_TEST_DRIVERS");
  setenv("ZE_ENABLE_ALT_DRIVERS", drivers ? drivers : METATE_ZE_DRIVER, 1);
  void* library = dlopen("libze_loader.so.1", RTLD_NOW);
  if (!library) {
    std::fprintf(stderr, "the Level Zero loader cannot be opened: %s\n", dlerror());
    std::abort();
  }
  return library;
}

ze_module_desc_t spirv_desc(std::span<const uint8_t> spirv, const ze_module_constants_t* constants) {
  ze_module_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_MODULE_DESC;
  desc.format = ZE_MODULE_FORMAT_IL_SPIRV;
  desc.inputSize = spirv.size();
  desc.pInputModule = spirv.data();
  desc.pConstants = constants;
  return desc;
}

}  // namespace

void* loader_function(const char* name) {
  static void* const library = open_loader();
  void* function = dlsym(library, name);
  if (!function) {
    std::fprintf(stderr, "the Level Zero loader has no function %s\n", name);
    std::abort();
  }
  return function;
}

std::vector<uint8_t> kernel_binary(const std::string& name, int level) {
  const std::string path = std::string(METATE_ZE_KERNELS) + "/" + name + ".O" + std::to_string(level) + ".spv";
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string take_log(ze_module_build_log_handle_t log) {
  if (!log) return {};
  size_t size = 0;
  EXPECT_ZE(ZE(zeModuleBuildLogGetString)(log, &size, nullptr));
  std::string text(size, '\0');
  EXPECT_ZE(ZE(zeModuleBuildLogGetString)(log, &size, text.data()));
  EXPECT_ZE(ZE(zeModuleBuildLogDestroy)(log));
  text.resize(size ? size - 1 : 0);
  return text;
}

void DeviceTest::SetUp() {
  ASSERT_ZE(ZE(zeInit)(0));
  uint32_t count = 1;
  ASSERT_ZE(ZE(zeDriverGet)(&count, &driver_));
  ASSERT_EQ(count, 1u);
  ASSERT_ZE(ZE(zeDeviceGet)(driver_, &count, &device_));
  ASSERT_EQ(count, 1u);
  if (const char* reason = excuse(Subject(driver_, device_))) GTEST_SKIP() << reason;
  const ze_context_desc_t context{ZE_STRUCTURE_TYPE_CONTEXT_DESC, nullptr, 0};
  ASSERT_ZE(ZE(zeContextCreate)(driver_, &context, &context_));
  ze_command_queue_desc_t queue{};
  queue.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  queue.mode = ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS;
  ASSERT_ZE(ZE(zeCommandListCreateImmediate)(context_, device_, &queue, &list_));
  prepare();
}

void DeviceTest::TearDown() {
  for (ze_kernel_handle_t kernel : kernels_) EXPECT_ZE(ZE(zeKernelDestroy)(kernel));
  for (ze_module_handle_t module : modules_) EXPECT_ZE(ZE(zeModuleDestroy)(module));
  for (void* data : allocations_) EXPECT_ZE(ZE(zeMemFree)(context_, data));
  if (list_) EXPECT_ZE(ZE(zeCommandListDestroy)(list_));
  if (context_) EXPECT_ZE(ZE(zeContextDestroy)(context_));
}

void* DeviceTest::allocate(size_t bytes) {
  const ze_device_mem_alloc_desc_t on_device{ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, nullptr, 0, 0};
  const ze_host_mem_alloc_desc_t on_host{ZE_STRUCTURE_TYPE_HOST_MEM_ALLOC_DESC, nullptr, 0};
  void* data = nullptr;
  EXPECT_ZE(ZE(zeMemAllocShared)(context_, &on_device, &on_host, bytes, 64, device_, &data));
  if (data) allocations_.push_back(data);
  return data;
}

ze_module_handle_t DeviceTest::build(std::span<const uint8_t> spirv, const ze_module_constants_t* constants) {
  const ze_module_desc_t desc = spirv_desc(spirv, constants);
  ze_module_handle_t module = nullptr;
  ze_module_build_log_handle_t log = nullptr;
  const ze_result_t result = ZE(zeModuleCreate)(context_, device_, &desc, &module, &log);
  const std::string text = take_log(log);
  EXPECT_EQ(result, ZE_RESULT_SUCCESS) << text;
  if (module) keep(module);
  return module;
}

std::pair<ze_result_t, std::string> DeviceTest::try_build(std::span<const uint8_t> spirv,
                                                          const ze_module_constants_t* constants) {
  const ze_module_desc_t desc = spirv_desc(spirv, constants);
  ze_module_handle_t module = nullptr;
  ze_module_build_log_handle_t log = nullptr;
  const ze_result_t result = ZE(zeModuleCreate)(context_, device_, &desc, &module, &log);
  EXPECT_EQ(module != nullptr, result == ZE_RESULT_SUCCESS);
  if (module) EXPECT_ZE(ZE(zeModuleDestroy)(module));
  return {result, take_log(log)};
}

std::pair<ze_module_handle_t, std::string> DeviceTest::build_program(const ze_module_program_exp_desc_t& inputs) {
  ze_module_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_MODULE_DESC;
  desc.pNext = &inputs;
  desc.format = ZE_MODULE_FORMAT_IL_SPIRV;
  ze_module_handle_t module = nullptr;
  ze_module_build_log_handle_t log = nullptr;
  const ze_result_t result = ZE(zeModuleCreate)(context_, device_, &desc, &module, &log);
  EXPECT_EQ(module != nullptr, result == ZE_RESULT_SUCCESS);
  if (module) keep(module);
  return {module, take_log(log)};
}

ze_kernel_handle_t DeviceTest::kernel(ze_module_handle_t module, const char* name) {
  ze_kernel_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_KERNEL_DESC;
  desc.pKernelName = name;
  ze_kernel_handle_t made = nullptr;
  EXPECT_ZE(ZE(zeKernelCreate)(module, &desc, &made));
  if (made) kernels_.push_back(made);
  return made;
}

ze_result_t DeviceTest::launch(ze_kernel_handle_t kernel, ze_group_count_t groups, ze_group_count_t group_size) {
  const ze_result_t sized =
      ZE(zeKernelSetGroupSize)(kernel, group_size.groupCountX, group_size.groupCountY, group_size.groupCountZ);
  if (sized != ZE_RESULT_SUCCESS) return sized;
  return ZE(zeCommandListAppendLaunchKernel)(list_, kernel, &groups, nullptr, 0, nullptr);
}

}  // namespace metate::test
