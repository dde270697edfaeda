// api – Level Zero through the real loader, for tests that know nothing of the driver.
#pragma once

#include <gtest/gtest.h>
#include <level_zero/ze_api.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace metate::test {

/// A function of the loader, which is opened on first use.
void* loader_function(const char* name);

#define ZE(name) (*reinterpret_cast<decltype(&::name)>(::metate::test::loader_function(#name)))
#define ASSERT_ZE(call) ASSERT_EQ(call, ZE_RESULT_SUCCESS)
#define EXPECT_ZE(call) EXPECT_EQ(call, ZE_RESULT_SUCCESS)

/// The bytes of kernels/<name>.cl compiled at that level.
std::vector<uint8_t> kernel_binary(const std::string& name, int level);

/// The text of a log, which is destroyed; empty where there is none.
std::string take_log(ze_module_build_log_handle_t log);

/// The first device, with a context and a blocking command list. Tests of which the list of exceptions excuses the
/// driver are skipped.
class DeviceTest : public ::testing::Test {
 protected:
  void SetUp() final;
  /// What a fixture needs besides; not called where the test is skipped.
  virtual void prepare() {}
  void TearDown() override;

  /// Shared memory, freed when the test ends; filled with `values`.
  template <class T>
  T* shared(size_t count, T value = T()) {
    auto* data = static_cast<T*>(allocate(count * sizeof(T)));
    for (size_t i = 0; i < count; ++i) data[i] = value;
    return data;
  }
  template <class T>
  T* shared(const std::vector<T>& values) {
    auto* data = static_cast<T*>(allocate(values.size() * sizeof(T)));
    std::copy(values.begin(), values.end(), data);
    return data;
  }
  void* allocate(size_t bytes);

  /// A module of the test's kernels; destroyed when the test ends.
  ze_module_handle_t build(std::span<const uint8_t> spirv, const ze_module_constants_t* constants = nullptr);
  ze_module_handle_t build(const std::string& name, int level) { return build(kernel_binary(name, level)); }
  /// What comes of building one, and the log; the module is not kept.
  std::pair<ze_result_t, std::string> try_build(std::span<const uint8_t> spirv,
                                                const ze_module_constants_t* constants = nullptr);
  /// The same as `build` of several inputs: the module, or null, and the log.
  std::pair<ze_module_handle_t, std::string> build_program(const ze_module_program_exp_desc_t& inputs);
  /// Destroys the module when the test ends.
  void keep(ze_module_handle_t module) { modules_.push_back(module); }
  ze_kernel_handle_t kernel(ze_module_handle_t module, const char* name);

  template <class... Arguments>
  void set_arguments(ze_kernel_handle_t kernel, const Arguments&... arguments) {
    uint32_t index = 0;
    (set_argument(kernel, index++, sizeof(Arguments), &arguments), ...);
  }
  void set_argument(ze_kernel_handle_t kernel, uint32_t index, size_t size, const void* value) {
    EXPECT_ZE(ZE(zeKernelSetArgumentValue)(kernel, index, size, value)) << "argument " << index;
  }

  /// Launches and waits.
  ze_result_t launch(ze_kernel_handle_t kernel, ze_group_count_t groups, ze_group_count_t group_size);

  template <class... Arguments>
  void run(ze_kernel_handle_t kernel, ze_group_count_t groups, ze_group_count_t group_size,
           const Arguments&... arguments) {
    set_arguments(kernel, arguments...);
    ASSERT_ZE(launch(kernel, groups, group_size));
  }

  ze_driver_handle_t driver_ = nullptr;
  ze_device_handle_t device_ = nullptr;
  ze_context_handle_t context_ = nullptr;
  ze_command_list_handle_t list_ = nullptr;

 private:
  std::vector<void*> allocations_;
  std::vector<ze_module_handle_t> modules_;
  std::vector<ze_kernel_handle_t> kernels_;
};

/// Runs with kernels compiled without and with optimisation.
class KernelTest : public DeviceTest, public ::testing::WithParamInterface<int> {};

}  // namespace metate::test
