// queries_test – what objects say of how they were made: of Level Zero 1.6 to 1.18.
#include <thread>

#include "tests/level_zero/newer.h"

namespace metate::test {
namespace {

class Queries : public Newer {};

TEST_F(Queries, ListsKnowWhereTheyBelong) {
  FIND(get_device, CommandListTable, pfnGetDeviceHandle, "zeCommandListGetDeviceHandle");
  FIND(get_context, CommandListTable, pfnGetContextHandle, "zeCommandListGetContextHandle");
  FIND(get_ordinal, CommandListTable, pfnGetOrdinal, "zeCommandListGetOrdinal");
  FIND(is_immediate, CommandListTable, pfnIsImmediate, "zeCommandListIsImmediate");
  FIND(get_index, CommandListTable, pfnImmediateGetIndex, "zeCommandListImmediateGetIndex");
  ze_command_list_handle_t regular = regular_list();
  for (ze_command_list_handle_t list : {regular, list_}) {
    ze_device_handle_t device = nullptr;
    ze_context_handle_t context = nullptr;
    uint32_t ordinal = 9;
    ze_bool_t immediate = 9;
    ASSERT_ZE(get_device(list, &device));
    ASSERT_ZE(get_context(list, &context));
    ASSERT_ZE(get_ordinal(list, &ordinal));
    ASSERT_ZE(is_immediate(list, &immediate));
    EXPECT_EQ(device, device_);
    EXPECT_EQ(context, context_);
    EXPECT_EQ(ordinal, 0u);
    EXPECT_EQ(immediate, list == list_);
    EXPECT_EQ(get_device(list, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  }
  uint32_t index = 9;
  ASSERT_ZE(get_index(list_, &index));
  EXPECT_EQ(index, 0u);
  EXPECT_NE(get_index(regular, &index), ZE_RESULT_SUCCESS);
  EXPECT_EQ(get_index(nullptr, &index), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
}

TEST_F(Queries, ListsKnowTheirFlags) {
  FIND(get_flags, CommandListTable, pfnGetFlags, "zeCommandListGetFlags");
  constexpr ze_command_list_flags_t asked = ZE_COMMAND_LIST_FLAG_RELAXED_ORDERING | ZE_COMMAND_LIST_FLAG_EXPLICIT_ONLY;
  ze_command_list_flags_t flags = 9;
  ASSERT_ZE(get_flags(regular_list(nullptr, asked), &flags));
  EXPECT_EQ(flags, asked);
  ASSERT_ZE(get_flags(regular_list(), &flags));
  EXPECT_EQ(flags, 0u);
  EXPECT_EQ(get_flags(nullptr, &flags), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(get_flags(regular_list(), nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Queries, ImmediateListsKnowHowTheyWereMade) {
  FIND(get_flags, CommandListTable, pfnImmediateGetFlags, "zeCommandListImmediateGetFlags");
  FIND(get_mode, CommandListTable, pfnImmediateGetMode, "zeCommandListImmediateGetMode");
  FIND(get_priority, CommandListTable, pfnImmediateGetPriority, "zeCommandListImmediateGetPriority");
  ze_command_queue_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  desc.flags = ZE_COMMAND_QUEUE_FLAG_EXPLICIT_ONLY;
  desc.mode = ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS;
  desc.priority = ZE_COMMAND_QUEUE_PRIORITY_PRIORITY_HIGH;
  ze_command_list_handle_t list = immediate_list(desc), regular = regular_list();
  ze_command_queue_flags_t flags = 9;
  ze_command_queue_mode_t mode{};
  ze_command_queue_priority_t priority{};
  ASSERT_ZE(get_flags(list, &flags));
  ASSERT_ZE(get_mode(list, &mode));
  ASSERT_ZE(get_priority(list, &priority));
  EXPECT_EQ(flags, desc.flags);
  EXPECT_EQ(mode, desc.mode);
  EXPECT_EQ(priority, desc.priority);
  ASSERT_ZE(get_flags(list_, &flags));
  ASSERT_ZE(get_mode(list_, &mode));
  ASSERT_ZE(get_priority(list_, &priority));
  EXPECT_EQ(flags, 0u);
  EXPECT_EQ(mode, ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS);
  EXPECT_EQ(priority, ZE_COMMAND_QUEUE_PRIORITY_NORMAL);
  EXPECT_EQ(get_flags(regular, &flags), ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE);
  EXPECT_EQ(get_mode(regular, &mode), ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE);
  EXPECT_EQ(get_priority(regular, &priority), ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE);
  EXPECT_EQ(get_flags(list, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(get_mode(list, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(get_priority(list, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(get_flags(nullptr, &flags), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(get_mode(nullptr, &mode), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
  EXPECT_EQ(get_priority(nullptr, &priority), ZE_RESULT_ERROR_INVALID_NULL_HANDLE);
}

TEST_F(Queries, QueuesKnowHowTheyWereMade) {
  FIND(get_index, CommandQueueTable, pfnGetIndex, "zeCommandQueueGetIndex");
  FIND(get_ordinal, CommandQueueTable, pfnGetOrdinal, "zeCommandQueueGetOrdinal");
  FIND(get_flags, CommandQueueTable, pfnGetFlags, "zeCommandQueueGetFlags");
  FIND(get_mode, CommandQueueTable, pfnGetMode, "zeCommandQueueGetMode");
  FIND(get_priority, CommandQueueTable, pfnGetPriority, "zeCommandQueueGetPriority");
  uint32_t groups = 1;
  ze_command_queue_group_properties_t group{};
  ASSERT_ZE(ZE(zeDeviceGetCommandQueueGroupProperties)(device_, &groups, &group));
  ze_command_queue_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  desc.index = group.numQueues - 1;
  desc.flags = ZE_COMMAND_QUEUE_FLAG_EXPLICIT_ONLY;
  desc.mode = ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS;
  desc.priority = ZE_COMMAND_QUEUE_PRIORITY_PRIORITY_LOW;
  ASSERT_ZE(ZE(zeCommandQueueCreate)(context_, device_, &desc, &queue_));
  uint32_t index = 0, ordinal = 9;
  ze_command_queue_flags_t flags = 0;
  ze_command_queue_mode_t mode{};
  ze_command_queue_priority_t priority{};
  ASSERT_ZE(get_index(queue_, &index));
  ASSERT_ZE(get_ordinal(queue_, &ordinal));
  ASSERT_ZE(get_flags(queue_, &flags));
  ASSERT_ZE(get_mode(queue_, &mode));
  ASSERT_ZE(get_priority(queue_, &priority));
  EXPECT_EQ(index, desc.index);
  EXPECT_EQ(ordinal, 0u);
  EXPECT_EQ(flags, desc.flags);
  EXPECT_EQ(mode, desc.mode);
  EXPECT_EQ(priority, desc.priority);
  EXPECT_EQ(get_flags(queue_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Newer, ThereAreAsManyQueuesAsTheGroupSays) {
  uint32_t groups = 1;
  ze_command_queue_group_properties_t group{};
  ASSERT_ZE(ZE(zeDeviceGetCommandQueueGroupProperties)(device_, &groups, &group));
  ze_command_queue_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC;
  desc.index = group.numQueues;
  ze_command_queue_handle_t made = nullptr;
  EXPECT_NE(ZE(zeCommandQueueCreate)(context_, device_, &desc, &made), ZE_RESULT_SUCCESS);
}

TEST_F(Queries, EventsKnowTheirPoolAndScopes) {
  FIND(get_pool, EventTable, pfnGetEventPool, "zeEventGetEventPool");
  FIND(get_signal, EventTable, pfnGetSignalScope, "zeEventGetSignalScope");
  FIND(get_wait, EventTable, pfnGetWaitScope, "zeEventGetWaitScope");
  FIND(get_context, EventPoolTable, pfnGetContextHandle, "zeEventPoolGetContextHandle");
  FIND(get_flags, EventPoolTable, pfnGetFlags, "zeEventPoolGetFlags");
  constexpr ze_event_pool_flags_t flags = ZE_EVENT_POOL_FLAG_HOST_VISIBLE | ZE_EVENT_POOL_FLAG_KERNEL_TIMESTAMP;
  const ze_event_pool_desc_t desc{ZE_STRUCTURE_TYPE_EVENT_POOL_DESC, nullptr, flags, 2};
  ze_event_pool_handle_t pool = nullptr, found = nullptr;
  ASSERT_ZE(ZE(zeEventPoolCreate)(context_, &desc, 1, &device_, &pool));
  const ze_event_desc_t of_event{ZE_STRUCTURE_TYPE_EVENT_DESC, nullptr, 1, ZE_EVENT_SCOPE_FLAG_HOST,
                                 ZE_EVENT_SCOPE_FLAG_DEVICE};
  ze_event_handle_t event = nullptr;
  ASSERT_ZE(ZE(zeEventCreate)(pool, &of_event, &event));
  ze_event_scope_flags_t signal = 0, wait = 0;
  ze_context_handle_t context = nullptr;
  ze_event_pool_flags_t found_flags = 0;
  EXPECT_ZE(get_pool(event, &found));
  EXPECT_ZE(get_signal(event, &signal));
  EXPECT_ZE(get_wait(event, &wait));
  EXPECT_ZE(get_context(pool, &context));
  EXPECT_ZE(get_flags(pool, &found_flags));
  EXPECT_EQ(found, pool);
  EXPECT_EQ(signal, of_event.signal);
  EXPECT_EQ(wait, of_event.wait);
  EXPECT_EQ(context, context_);
  EXPECT_EQ(found_flags, flags);
  EXPECT_EQ(get_pool(event, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_ZE(ZE(zeEventDestroy)(event));
  EXPECT_ZE(ZE(zeEventPoolDestroy)(pool));
}

TEST_F(Queries, KernelsAndModulesKnowTheirOwners) {
  FIND(get_module, KernelTable, pfnGetModuleHandle, "zeKernelGetModuleHandle");
  FIND(get_device, ModuleTable, pfnGetDeviceHandle, "zeModuleGetDeviceHandle");
  ze_module_handle_t module = build("vector_add", 2), found = nullptr;
  ze_device_handle_t device = nullptr;
  ASSERT_ZE(get_module(kernel(module, "vector_add"), &found));
  ASSERT_ZE(get_device(module, &device));
  EXPECT_EQ(found, module);
  EXPECT_EQ(device, device_);
}

TEST_F(Queries, KernelsTellWhatMemoryTheyUse) {
  FIND(get_allocations, KernelExpTable, pfnGetAllocationPropertiesExp, "zeKernelGetAllocationPropertiesExp");
  auto* a = shared<float>(64);
  auto* b = shared<float>(32);
  ze_kernel_handle_t add = kernel(build("vector_add", 2), "vector_add");
  set_arguments(add, a, b + 3, a);
  uint32_t count = 0;
  ASSERT_ZE(get_allocations(add, &count, nullptr));
  ASSERT_EQ(count, 3u);
  std::vector<newer::ze_kernel_allocation_exp_properties_t> all(count);
  ASSERT_ZE(get_allocations(add, &count, all.data()));
  EXPECT_EQ(all[0].base, reinterpret_cast<uintptr_t>(a));
  EXPECT_GE(all[0].size, 64 * sizeof(float));
  EXPECT_EQ(all[0].type, ZE_MEMORY_TYPE_SHARED);
  EXPECT_EQ(all[1].base, reinterpret_cast<uintptr_t>(b));
  for (uint32_t i = 0; i < count; ++i) EXPECT_EQ(all[i].argIndex, i);
  ASSERT_ZE(ZE(zeKernelSetIndirectAccess)(add, ZE_KERNEL_INDIRECT_ACCESS_FLAG_SHARED));
  count = 0;
  ASSERT_ZE(get_allocations(add, &count, nullptr));
  EXPECT_GE(count, 5u);
}

TEST_F(Queries, DriversAndDevices) {
  FIND(get_root, DeviceTable, pfnGetRootDevice, "zeDeviceGetRootDevice");
  FIND(get_widths, DeviceTable, pfnGetVectorWidthPropertiesExt, "zeDeviceGetVectorWidthPropertiesExt");
  ze_device_handle_t root = device_;
  ASSERT_ZE(get_root(device_, &root));
  EXPECT_EQ(root, nullptr);
  uint32_t count = 0;
  ASSERT_ZE(get_widths(device_, &count, nullptr));
  ASSERT_GE(count, 1u);
  std::vector<newer::ze_device_vector_width_properties_ext_t> widths(count);
  ASSERT_ZE(get_widths(device_, &count, widths.data()));
  EXPECT_GE(widths[0].native_vector_width_char, widths[0].native_vector_width_float);
  EXPECT_GE(widths[0].native_vector_width_float, widths[0].native_vector_width_double);
  EXPECT_GE(widths[0].preferred_vector_width_float, 1u);
}

TEST_F(Queries, AllDriversAreAskedForAtOnce) {
  FIND(init_drivers, GlobalTable, pfnInitDrivers, "zeInitDrivers");
  newer::ze_init_driver_type_desc_t desc{newer::kInitDriverTypeDesc, nullptr, UINT32_MAX};
  uint32_t count = 0;
  ASSERT_ZE(init_drivers(&count, nullptr, &desc));
  ASSERT_GE(count, 1u);
  std::vector<ze_driver_handle_t> drivers(count);
  ASSERT_ZE(init_drivers(&count, drivers.data(), &desc));
  EXPECT_EQ(drivers[0], driver_);
  desc.flags = 0;
  EXPECT_EQ(init_drivers(&count, nullptr, &desc), ZE_RESULT_ERROR_INVALID_ENUMERATION);
  EXPECT_EQ(init_drivers(nullptr, nullptr, &desc), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
  EXPECT_EQ(init_drivers(&count, nullptr, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Queries, TheDefaultContextIsThereForEver) {
  FIND(get_default, DriverTable, pfnGetDefaultContext, "zeDriverGetDefaultContext");
  ze_context_handle_t context = get_default(driver_);
  ASSERT_NE(context, nullptr);
  EXPECT_EQ(get_default(driver_), context);
  const ze_host_mem_alloc_desc_t desc{ZE_STRUCTURE_TYPE_HOST_MEM_ALLOC_DESC, nullptr, 0};
  void* data = nullptr;
  ASSERT_ZE(ZE(zeMemAllocHost)(context, &desc, 64, 64, &data));
  EXPECT_ZE(ZE(zeMemFree)(context, data));
  EXPECT_NE(ZE(zeContextDestroy)(context), ZE_RESULT_SUCCESS);
}

TEST_F(Queries, DevicesHaveNumbersToo) {
  FIND(to_number, RuntimeTable, pfnTranslateDeviceHandleToIdentifier, "zerTranslateDeviceHandleToIdentifier");
  FIND(to_device, RuntimeTable, pfnTranslateIdentifierToDeviceHandle, "zerTranslateIdentifierToDeviceHandle");
  FIND(get_default, RuntimeTable, pfnGetDefaultContext, "zerGetDefaultContext");
  const uint32_t number = to_number(device_);
  ASSERT_NE(number, UINT32_MAX);
  EXPECT_EQ(to_device(number), device_);
  EXPECT_EQ(to_number(nullptr), UINT32_MAX);
  EXPECT_EQ(to_device(UINT32_MAX), nullptr);
  EXPECT_NE(get_default(), nullptr);
}

TEST_F(Queries, ErrorsHaveADescription) {
  FIND(get_text, DriverTable, pfnGetLastErrorDescription, "zeDriverGetLastErrorDescription");
  ze_module_desc_t desc{};
  desc.stype = ZE_STRUCTURE_TYPE_MODULE_DESC;
  desc.format = ZE_MODULE_FORMAT_IL_SPIRV;
  const uint8_t rubbish[64] = {1, 2, 3};
  desc.inputSize = sizeof(rubbish);
  desc.pInputModule = rubbish;
  ze_module_handle_t module = nullptr;
  ASSERT_EQ(ZE(zeModuleCreate)(context_, device_, &desc, &module, nullptr), ZE_RESULT_ERROR_MODULE_BUILD_FAILURE);
  const char* text = nullptr;
  ASSERT_ZE(get_text(driver_, &text));
  ASSERT_NE(text, nullptr);
  EXPECT_NE(std::strlen(text), 0u);
  EXPECT_EQ(get_text(driver_, nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Queries, EachThreadHasItsOwnLastError) {
  FIND(get_text, RuntimeTable, pfnGetLastErrorDescription, "zerGetLastErrorDescription");
  FIND(get_of_driver, DriverTable, pfnGetLastErrorDescription, "zeDriverGetLastErrorDescription");
  const uint8_t rubbish[64] = {1, 2, 3};
  const ze_module_desc_t desc{.stype = ZE_STRUCTURE_TYPE_MODULE_DESC,
                              .format = ZE_MODULE_FORMAT_IL_SPIRV,
                              .inputSize = sizeof(rubbish),
                              .pInputModule = rubbish};
  ze_module_handle_t module = nullptr;
  ASSERT_EQ(ZE(zeModuleCreate)(context_, device_, &desc, &module, nullptr), ZE_RESULT_ERROR_MODULE_BUILD_FAILURE);
  const char *text = nullptr, *of_driver = nullptr;
  ASSERT_ZE(get_text(&text));
  ASSERT_ZE(get_of_driver(driver_, &of_driver));
  ASSERT_NE(text, nullptr);
  EXPECT_STREQ(text, of_driver);
  EXPECT_NE(std::strlen(text), 0u);
  std::thread([&] {
    const char* other = nullptr;
    EXPECT_ZE(get_text(&other));
    EXPECT_STREQ(other, "");
  }).join();
  EXPECT_EQ(get_text(nullptr), ZE_RESULT_ERROR_INVALID_NULL_POINTER);
}

TEST_F(Queries, AtomicAccessIsRemembered) {
  FIND(set_access, MemExpTable, pfnSetAtomicAccessAttributeExp, "zeMemSetAtomicAccessAttributeExp");
  FIND(get_access, MemExpTable, pfnGetAtomicAccessAttributeExp, "zeMemGetAtomicAccessAttributeExp");
  auto* data = shared<int>(16);
  uint32_t access = 0;
  ASSERT_ZE(set_access(context_, device_, data, 16 * sizeof(int), newer::kNoHostAtomics | newer::kDeviceAtomics));
  ASSERT_ZE(get_access(context_, device_, data, 16 * sizeof(int), &access));
  EXPECT_EQ(access, newer::kNoHostAtomics | newer::kDeviceAtomics);
  EXPECT_NE(set_access(context_, device_, data, 16 * sizeof(int), 1 << 20), ZE_RESULT_SUCCESS);
  EXPECT_NE(set_access(context_, device_, data, 0, newer::kDeviceAtomics), ZE_RESULT_SUCCESS);
}

TEST_F(Queries, PhysicalMemoryHasASize) {
  FIND(get_properties, PhysicalMemTable, pfnGetProperties, "zePhysicalMemGetProperties");
  size_t page = 0;
  ASSERT_ZE(ZE(zeVirtualMemQueryPageSize)(context_, device_, 1, &page));
  ze_physical_mem_desc_t desc{ZE_STRUCTURE_TYPE_PHYSICAL_MEM_DESC, nullptr, 0, 2 * page};
  ze_physical_mem_handle_t one = nullptr, other = nullptr;
  ASSERT_ZE(ZE(zePhysicalMemCreate)(context_, device_, &desc, &one));
  ASSERT_ZE(ZE(zePhysicalMemCreate)(context_, device_, &desc, &other));
  newer::ze_physical_mem_properties_t first{}, second{};
  EXPECT_ZE(get_properties(context_, one, &first));
  EXPECT_ZE(get_properties(context_, other, &second));
  EXPECT_EQ(first.size, 2 * page);
  EXPECT_NE(first.id, second.id);
  EXPECT_ZE(ZE(zePhysicalMemDestroy)(context_, one));
  EXPECT_ZE(ZE(zePhysicalMemDestroy)(context_, other));
}

TEST_F(Newer, KernelsHaveALargestGroup) {
  newer::ze_kernel_max_group_size_properties_ext_t limit{newer::kKernelMaxGroupSize, nullptr, 0};
  ze_kernel_properties_t properties{};
  properties.stype = ZE_STRUCTURE_TYPE_KERNEL_PROPERTIES;
  properties.pNext = &limit;
  ASSERT_ZE(ZE(zeKernelGetProperties)(kernel(build("vector_add", 2), "vector_add"), &properties));
  EXPECT_GE(limit.maxGroupSize, 1u);
}

TEST_F(Newer, CachesHaveLines) {
  uint32_t count = 0;
  ASSERT_ZE(ZE(zeDeviceGetCacheProperties)(device_, &count, nullptr));
  std::vector<ze_device_cache_properties_t> caches(count);
  std::vector<newer::ze_device_cache_line_size_ext_t> lines(count, {newer::kCacheLineSize, nullptr, 0});
  for (uint32_t i = 0; i < count; ++i) {
    caches[i].stype = ZE_STRUCTURE_TYPE_DEVICE_CACHE_PROPERTIES;
    caches[i].pNext = &lines[i];
  }
  ASSERT_ZE(ZE(zeDeviceGetCacheProperties)(device_, &count, caches.data()));
  for (uint32_t i = 0; i < count; ++i) {
    EXPECT_GT(caches[i].cacheSize, 0u);
    EXPECT_GE(lines[i].cacheLineSize, 16u);
  }
}

}  // namespace
}  // namespace metate::test
