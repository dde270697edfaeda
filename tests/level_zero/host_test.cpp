// host_test – runtime/level_zero: loaders that are there or not, devices, memory, launches, failures in words.
#include <gtest/gtest.h>
#include <level_zero/ze_ddi.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numeric>
#include <thread>

#include "runtime/level_zero/devices.h"
#include "runtime/level_zero/functions.h"
#include "runtime/level_zero/memory.h"
#include "runtime/level_zero/module.h"
#include "runtime/level_zero/queue.h"
#include "runtime/ze_software/entry_points.h"

namespace metate::level_zero {
namespace {

std::vector<uint32_t> kernel_words(const std::string& name) {
  std::ifstream file(std::string(METATE_ZE_KERNELS) + "/" + name + ".O2.spv", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  std::vector<uint32_t> words(bytes.size() / 4);
  std::memcpy(words.data(), bytes.data(), words.size() * 4);
  return words;
}

LoaderOptions with_loader() { return {.driver_library = METATE_ZE_DRIVER}; }

LoaderOptions without_loader() {
  return {.loader = "libze_no_such_loader.so", .driver_functions = ze_software::find_entry_point};
}

/// Through the loader and without one: the same code must give the same.
class Host : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    base::Result<Devices> found = Devices::open(GetParam() ? with_loader() : without_loader());
    ASSERT_TRUE(found) << found.error().message;
    device_ = found->preferred();
  }

  Module build(const std::string& name) {
    base::Result<Module> module = Module::from_spirv(device_, kernel_words(name));
    EXPECT_TRUE(module) << module.error().message;
    return std::move(*module);
  }

  bool wraps_handles() const {
    const Functions& f = device_->functions();
    void* own = nullptr;
    f.zelLoaderTranslateHandle(ZEL_HANDLE_CONTEXT, device_->context(), &own);
    return own != device_->context();
  }

  std::shared_ptr<Device> device_;
};

TEST_P(Host, FindsTheSoftwareDevice) {
  EXPECT_TRUE(device_->is_software());
  EXPECT_EQ(device_->vendor(), "Metate");
  EXPECT_EQ(device_->type(), DeviceType::kCpu);
  EXPECT_GT(device_->properties().compute_units, 0u);
  EXPECT_GE(device_->properties().max_group_size, 256u);
  EXPECT_TRUE(device_->properties().has_fp64);
  EXPECT_TRUE(device_->properties().shares_host_memory);
}

TEST_P(Host, LaunchesOnSharedMemory) {
  const Module module = build("vector_add");
  base::Result<Kernel> add = module.kernel("vector_add");
  ASSERT_TRUE(add) << add.error().message;
  EXPECT_EQ(add->argument_count(), 3u);
  for (QueueMode mode : {QueueMode::kBlocking, QueueMode::kAsync}) {
    base::Result<Queue> queue = Queue::make(device_, mode);
    ASSERT_TRUE(queue) << queue.error().message;
    base::Result<Allocation> memory = device_->memory().allocate(MemoryKind::kShared, 3 * 1024 * sizeof(float));
    ASSERT_TRUE(memory) << memory.error().message;
    auto* a = static_cast<float*>(memory->data());
    float *b = a + 1024, *c = b + 1024;
    std::iota(a, a + 1024, 0.0f);
    std::iota(b, b + 1024, 100.0f);
    const Argument arguments[] = {Argument::of(a), Argument::of(b), Argument::of(c)};
    base::Status launched = queue->launch(*add, {{16, 1, 1}, {64, 1, 1}}, arguments);
    ASSERT_TRUE(launched) << launched.error().message;
    base::Status done = queue->wait();
    ASSERT_TRUE(done) << done.error().message;
    for (int i = 0; i < 1024; ++i) ASSERT_EQ(c[i], a[i] + b[i]);
  }
}

TEST_P(Host, EventsOrderQueuesAndTellTimes) {
  base::Result<Queue> first = Queue::make(device_, QueueMode::kAsync), second = Queue::make(device_, QueueMode::kAsync);
  ASSERT_TRUE(first && second);
  base::Result<Allocation> memory = device_->memory().allocate(MemoryKind::kShared, 8);
  ASSERT_TRUE(memory);
  auto* data = static_cast<uint32_t*>(memory->data());
  base::Result<Event> filled = device_->events().make(/*timed=*/true), copied = device_->events().make(/*timed=*/true);
  base::Result<Event> untimed = device_->events().make();
  ASSERT_TRUE(filled && copied && untimed);
  const uint32_t value = 99;
  ASSERT_TRUE(first->fill(data, std::as_bytes(std::span(&value, 1)), 4, *filled));
  ASSERT_TRUE(second->copy(data + 1, data, 4, *copied, std::span(&*filled, 1)));
  ASSERT_TRUE(copied->wait());
  EXPECT_EQ(data[1], 99u);
  base::Result<CommandTimes> fill_times = filled->times(), copy_times = copied->times();
  ASSERT_TRUE(fill_times && copy_times);
  EXPECT_LE(fill_times->end_nanoseconds, copy_times->start_nanoseconds);
  base::Result<bool> ready = copied->wait_for(0);
  ASSERT_TRUE(ready);
  EXPECT_TRUE(*ready);
  ASSERT_TRUE(first->copy(data, data + 1, 4, *untimed));
  ASSERT_TRUE(untimed->wait());
  EXPECT_FALSE(untimed->times());
}

TEST_P(Host, WhatIsBriefIsDoneAtOnceButNeverBeforeItsTurn) {
  base::Result<Queue> queue = Queue::make(device_, QueueMode::kAsync);
  base::Result<Event> brief = device_->events().make(), behind = device_->events().make();
  ASSERT_TRUE(queue && brief && behind);
  constexpr size_t kMany = size_t{1} << 24;
  base::Result<Allocation> memory = device_->memory().allocate(MemoryKind::kShared, kMany);
  ASSERT_TRUE(memory);
  auto* data = static_cast<uint8_t*>(memory->data());
  const std::byte one{1}, two{2}, three{3};
  ASSERT_TRUE(queue->fill(data, {&one, 1}, 64, *brief));
  base::Result<bool> done = brief->wait_for(0);
  ASSERT_TRUE(done);
  EXPECT_TRUE(*done);
  EXPECT_EQ(data[63], 1);
  // It takes thousands of times as long as to submit the next.
  ASSERT_TRUE(queue->fill(data, {&two, 1}, kMany));
  ASSERT_TRUE(queue->fill(data, {&three, 1}, 64, *behind));
  ASSERT_TRUE(behind->wait());
  EXPECT_EQ(data[0], 3);
  EXPECT_EQ(data[63], 3);
  EXPECT_EQ(data[64], 2);
  EXPECT_EQ(data[kMany - 1], 2);
}

TEST_P(Host, SaysWhatIsWrongWithAModule) {
  std::vector<uint32_t> words = kernel_words("vector_add");
  words.resize(words.size() / 2);
  base::Result<Module> module = Module::from_spirv(device_, words);
  ASSERT_FALSE(module);
  EXPECT_EQ(module.error().code, base::ErrorCode::kDevice);
  EXPECT_NE(module.error().message.find("zeModuleCreate failed: ZE_RESULT_ERROR_MODULE_BUILD_FAILURE"),
            std::string::npos);
  // A loader that wraps handles has none for the log of what failed: to ask for it would be a crash.
  const bool logs = !GetParam() || !wraps_handles();
  EXPECT_EQ(module.error().message.find("build log:") != std::string::npos, logs) << module.error().message;
  EXPECT_EQ(module.error().message.find("ZE_ENABLE_ALT_DRIVERS") == std::string::npos, logs);
}

TEST_P(Host, SaysWhatIsWrongWithALaunch) {
  const Module module = build("vector_add");
  base::Result<Kernel> missing = module.kernel("subtract");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("'subtract'"), std::string::npos);
  base::Result<Kernel> add = module.kernel("vector_add");
  base::Result<Queue> queue = Queue::make(device_, QueueMode::kBlocking);
  ASSERT_TRUE(add && queue);
  const uint32_t small = 1;
  const Argument arguments[] = {Argument::of(small)};
  base::Status launched = queue->launch(*add, {{1, 1, 1}, {1, 1, 1}}, arguments);
  ASSERT_FALSE(launched);
  EXPECT_EQ(launched.error().code, base::ErrorCode::kInvalidArgument);
  EXPECT_NE(launched.error().message.find("argument 0 of kernel 'vector_add'"), std::string::npos);
  launched = queue->launch(*add, {{1, 1, 1}, {1 << 20, 1, 1}}, {});
  ASSERT_FALSE(launched);
  EXPECT_NE(launched.error().message.find("ZE_RESULT_ERROR_INVALID_GROUP_SIZE_DIMENSION"), std::string::npos);
}

TEST_P(Host, AFailureOfAnAsynchronousLaunchComesFromTheNextWait) {
  const Module module = build("barriers");
  base::Result<Kernel> divergent = module.kernel("divergent");
  base::Result<Queue> queue = Queue::make(device_, QueueMode::kAsync);
  base::Result<Allocation> memory = device_->memory().allocate(MemoryKind::kShared, 64);
  ASSERT_TRUE(divergent && queue && memory);
  void* data = memory->data();
  const Argument arguments[] = {Argument::of(data)};
  ASSERT_TRUE(queue->launch(*divergent, {{1, 1, 1}, {8, 1, 1}}, arguments));
  base::Status done = queue->wait();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, base::ErrorCode::kDevice);
  done = queue->wait();
  EXPECT_TRUE(done) << "reported once only: " << done.error().message;
}

TEST_P(Host, FreedMemoryIsUsedAgainWithinItsLimit) {
  MemoryPool& pool = device_->memory();
  void* first = nullptr;
  {
    base::Result<Allocation> memory = pool.allocate(MemoryKind::kDevice, 100'000);
    ASSERT_TRUE(memory);
    EXPECT_GE(pool.statistics().used_bytes, 100'000u);
    first = memory->data();
  }
  EXPECT_EQ(pool.statistics().used_bytes, 0u);
  EXPECT_GE(pool.statistics().pooled_bytes, 100'000u);
  {
    base::Result<Allocation> memory = pool.allocate(MemoryKind::kDevice, 99'000);
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->data(), first);
  }
  pool.set_limit(0);
  EXPECT_EQ(pool.statistics().pooled_bytes, 0u);
  base::Result<Allocation> huge = pool.allocate(MemoryKind::kShared, SIZE_MAX / 2);
  ASSERT_FALSE(huge);
  EXPECT_NE(huge.error().message.find("zeMemAllocShared failed"), std::string::npos);
}

TEST_P(Host, ThePoolKnowsItsBlocks) {
  MemoryPool& pool = device_->memory();
  const char* data = nullptr;
  {
    base::Result<Allocation> memory = pool.allocate(MemoryKind::kHost, 1000, 4096);
    ASSERT_TRUE(memory);
    data = static_cast<const char*>(memory->data());
    EXPECT_EQ(reinterpret_cast<uintptr_t>(data) % 4096, 0u);
    EXPECT_EQ(pool.kind_of(data, 1000), MemoryKind::kHost);
    EXPECT_EQ(pool.kind_of(data + 999, 1), MemoryKind::kHost);
    EXPECT_EQ(pool.kind_of(data + 1000, 0), MemoryKind::kHost);
    EXPECT_FALSE(pool.kind_of(data, 1001));
    EXPECT_FALSE(pool.kind_of(data - 1, 1));
    EXPECT_FALSE(pool.kind_of(data + 500, SIZE_MAX));
    EXPECT_EQ(pool.statistics().allocations, 1u);
  }
  EXPECT_FALSE(pool.kind_of(data, 1));
  EXPECT_EQ(pool.statistics().allocations, 0u);
  base::Result<Allocation> unaligned = pool.allocate(MemoryKind::kHost, 1000);
  ASSERT_TRUE(unaligned);
  EXPECT_NE(unaligned->data(), data) << "a block of another alignment waits for its like";
}

TEST_P(Host, ManyThreadsLaunchTheSameKernel) {
  const Module module = build("vector_add");
  base::Result<Kernel> add = module.kernel("guarded_add");
  ASSERT_TRUE(add);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      base::Result<Queue> queue = Queue::make(device_, QueueMode::kBlocking);
      base::Result<Allocation> memory = device_->memory().allocate(MemoryKind::kShared, 3 * 256 * sizeof(float));
      ASSERT_TRUE(queue && memory);
      auto* a = static_cast<float*>(memory->data());
      float *b = a + 256, *c = b + 256;
      for (int round = 0; round < 20; ++round) {
        std::fill(a, b, static_cast<float>(t));
        std::fill(b, c, static_cast<float>(round));
        const uint32_t n = 256;
        const Argument arguments[] = {Argument::of(a), Argument::of(b), Argument::of(c), Argument::of(n)};
        ASSERT_TRUE(queue->launch(*add, {{4, 1, 1}, {64, 1, 1}}, arguments));
        for (int i = 0; i < 256; ++i) ASSERT_EQ(c[i], static_cast<float>(t + round));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

INSTANTIATE_TEST_SUITE_P(Way, Host, ::testing::Values(true, false),
                         [](const auto& info) { return info.param ? "Loader" : "Direct"; });

TEST(Loader, IsMissedByName) {
  base::Result<Devices> devices = Devices::open({.loader = "libze_no_such_loader.so"});
  ASSERT_FALSE(devices);
  EXPECT_EQ(devices.error().code, base::ErrorCode::kNotFound);
  EXPECT_NE(devices.error().message.find("libze_no_such_loader.so"), std::string::npos);
}

TEST(Loader, LeavesTheEnvironmentAsItWas) {
  unsetenv("ZE_ENABLE_ALT_DRIVERS");
  ASSERT_TRUE(Devices::open(with_loader()));
  EXPECT_EQ(std::getenv("ZE_ENABLE_ALT_DRIVERS"), nullptr);
  setenv("ZE_ENABLE_ALT_DRIVERS", "libze_some_vendor.so", 1);
  ASSERT_TRUE(Devices::open(with_loader()));
  EXPECT_STREQ(std::getenv("ZE_ENABLE_ALT_DRIVERS"), "libze_some_vendor.so");
}

ze_result_t failing_driver_get(uint32_t*, ze_driver_handle_t*) { return ZE_RESULT_ERROR_DEVICE_LOST; }
ze_result_t failing_context_create(ze_driver_handle_t, const ze_context_desc_t*, ze_context_handle_t*) {
  return ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY;
}
ze_result_t failing_init(ze_init_flags_t) { return ZE_RESULT_ERROR_UNINITIALIZED; }

template <class Function>
void* function_address(Function* function) {
  return reinterpret_cast<void*>(function);
}

TEST(Loader, NamesTheCallThatADriverFails) {
  const std::pair<abi::FindEntryPoint, const char*> cases[] = {
      {[](const char* name) {
         return std::string_view(name) == "zeInit" ? function_address(failing_init)
                                                   : ze_software::find_entry_point(name);
       },
       "zeInit failed: ZE_RESULT_ERROR_UNINITIALIZED"},
      {[](const char* name) {
         return std::string_view(name) == "zeDriverGet" ? function_address(failing_driver_get)
                                                        : ze_software::find_entry_point(name);
       },
       "zeDriverGet failed: ZE_RESULT_ERROR_DEVICE_LOST"},
      {[](const char* name) {
         return std::string_view(name) == "zeContextCreate" ? function_address(failing_context_create)
                                                            : ze_software::find_entry_point(name);
       },
       "zeContextCreate failed: ZE_RESULT_ERROR_OUT_OF_HOST_MEMORY"},
      {[](const char* name) -> void* {
         return std::string_view(name) == "zeKernelCreate" ? nullptr : ze_software::find_entry_point(name);
       },
       "has no function zeKernelCreate"},
  };
  for (auto& [find, expected] : cases) {
    base::Result<Devices> devices = Devices::open({.loader = "libze_no_such_loader.so", .driver_functions = find});
    ASSERT_FALSE(devices);
    EXPECT_NE(devices.error().message.find(expected), std::string::npos) << devices.error().message;
  }
}

/// A device of two parts, which are like itself.
ze_result_t two_sub_devices(ze_device_handle_t device, uint32_t* count, ze_device_handle_t* parts) {
  *count = 2;
  if (parts) parts[0] = parts[1] = device;
  return ZE_RESULT_SUCCESS;
}

TEST(Parts, AreDevices) {
  abi::FindEntryPoint find = [](const char* name) {
    return std::string_view(name) == "zeDeviceGetSubDevices" ? function_address(two_sub_devices)
                                                             : ze_software::find_entry_point(name);
  };
  base::Result<Devices> devices = Devices::open({.loader = "libze_no_such_loader.so", .driver_functions = find});
  ASSERT_TRUE(devices) << devices.error().message;
  const Device& whole = *devices->preferred();
  ASSERT_EQ(whole.parts().size(), 2u);
  EXPECT_EQ(whole.whole(), nullptr);
  for (const std::shared_ptr<Device>& part : whole.parts()) {
    EXPECT_EQ(part->whole(), &whole);
    EXPECT_EQ(part->name(), whole.name());
    EXPECT_TRUE(part->parts().empty());
    base::Result<Queue> queue = Queue::make(part, QueueMode::kAsync, QueueOrder::kOutOfOrder);
    ASSERT_TRUE(queue) << queue.error().message;
    EXPECT_TRUE(queue->wait());
  }
}

/// The device as if it had neither float16 and float64 nor atomic operations of 64 bits; it can do the rest.
ze_result_t plain_module_properties(ze_device_handle_t device, ze_device_module_properties_t* properties) {
  const ze_result_t result = ze_software::zeDeviceGetModuleProperties(device, properties);
  properties->flags &= ~(ZE_DEVICE_MODULE_FLAG_FP16 | ZE_DEVICE_MODULE_FLAG_FP64 | ZE_DEVICE_MODULE_FLAG_INT64_ATOMICS);
  return result;
}

LoaderOptions with_plain_device() {
  return {.loader = "libze_no_such_loader.so", .driver_functions = [](const char* name) {
            return std::string_view(name) == "zeDeviceGetModuleProperties" ? function_address(plain_module_properties)
                                                                           : ze_software::find_entry_point(name);
          }};
}

/// A module that names capabilities (SPIR-V 3.31) and has nothing else.
std::vector<uint32_t> module_with(std::initializer_list<uint32_t> capabilities) {
  std::vector<uint32_t> words = {0x07230203, 0x00010200, 0, 1, 0};
  for (uint32_t capability : capabilities) words.insert(words.end(), {2u << 16 | 17u, capability});
  const uint32_t memory_model[] = {3u << 16 | 14u, 2, 2};  // 64-bit addresses, OpenCL
  words.insert(words.end(), std::begin(memory_model), std::end(memory_model));
  return words;
}

TEST(PlainDevice, IsSaidToLackWhatAKernelUses) {
  base::Result<Devices> plain = Devices::open(with_plain_device());
  base::Result<Devices> full = Devices::open(without_loader());
  ASSERT_TRUE(plain && full);
  const std::shared_ptr<Device>& device = plain->preferred();
  EXPECT_FALSE(device->properties().has_fp16);
  EXPECT_FALSE(device->properties().has_fp64);
  EXPECT_FALSE(device->properties().has_int64_atomics);
  constexpr uint32_t kAddresses = 4, kKernel = 6, kFloat16 = 9, kFloat64 = 10, kInt64 = 11, kInt64Atomics = 12;
  const std::pair<uint32_t, std::string> cases[] = {{kFloat16, "float16 arithmetic"},
                                                    {kFloat64, "float64 arithmetic"},
                                                    {kInt64Atomics, "atomic operations of 64 bits"}};
  for (const auto& [capability, feature] : cases) {
    // Wherever it stands among the others.
    for (const std::vector<uint32_t>& words : {module_with({capability, kAddresses, kKernel, kInt64}),
                                               module_with({kAddresses, kKernel, kInt64, capability})}) {
      base::Result<Module> module = Module::from_spirv(device, words);
      ASSERT_FALSE(module) << feature;
      EXPECT_EQ(module.error().code, base::ErrorCode::kUnsupported);
      EXPECT_EQ(module.error().message,
                "device '" + device->name() + "' has no " + feature + ", which the kernel uses");
      base::Result<Module> there = Module::from_spirv(full->preferred(), words);
      EXPECT_TRUE(there) << there.error().message;
    }
  }
  base::Result<Module> none = Module::from_spirv(device, module_with({kAddresses, kKernel, kInt64}));
  EXPECT_TRUE(none) << none.error().message;
}

// scale_3d, one kernel of this module, has doubles; a module is built as a whole.
TEST(PlainDevice, RefusesAModuleOfACompiler) {
  base::Result<Devices> plain = Devices::open(with_plain_device());
  ASSERT_TRUE(plain) << plain.error().message;
  base::Result<Module> module = Module::from_spirv(plain->preferred(), kernel_words("vector_add"));
  ASSERT_FALSE(module);
  EXPECT_NE(module.error().message.find("has no float64 arithmetic, which the kernel uses"), std::string::npos);
}

template <class Table>
void expect_full_table(ze_result_t (*get)(ze_api_version_t, Table*)) {
  Table table{};
  ASSERT_EQ(get(ZE_API_VERSION_CURRENT, &table), ZE_RESULT_SUCCESS);
  void* slots[sizeof(Table) / sizeof(void*)];
  std::memcpy(slots, &table, sizeof(table));
  for (size_t i = 0; i < std::size(slots); ++i) EXPECT_NE(slots[i], nullptr) << "slot " << i;
  EXPECT_EQ(get(ZE_API_VERSION_1_0, &table), ZE_RESULT_ERROR_UNSUPPORTED_VERSION);
  EXPECT_EQ(get(ZE_API_VERSION_CURRENT, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST(EntryPoints, FillEverySlotOfTheirTables) {
  expect_full_table(zeGetDriverProcAddrTable);
  expect_full_table(zeGetDeviceProcAddrTable);
  expect_full_table(zeGetContextProcAddrTable);
  expect_full_table(zeGetCommandQueueProcAddrTable);
  expect_full_table(zeGetCommandListProcAddrTable);
  expect_full_table(zeGetFenceProcAddrTable);
  expect_full_table(zeGetEventPoolProcAddrTable);
  expect_full_table(zeGetEventProcAddrTable);
  expect_full_table(zeGetModuleProcAddrTable);
  expect_full_table(zeGetModuleBuildLogProcAddrTable);
  expect_full_table(zeGetKernelProcAddrTable);
  expect_full_table(zeGetKernelExpProcAddrTable);
  expect_full_table(zeGetMemProcAddrTable);
  expect_full_table(zeGetVirtualMemProcAddrTable);
  expect_full_table(zeGetImageProcAddrTable);
}

}  // namespace
}  // namespace metate::level_zero
