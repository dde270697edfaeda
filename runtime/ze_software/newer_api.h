// newer_api – parts of Level Zero 1.6 to 1.10 that the driver offers and headers of 1.4 do not declare.
//
// Layouts and numbers are those of the specification (https://oneapi-src.github.io/level-zero-spec, "Mutable Command
// List", "Counter-Based Event Pools", "Immediate Command List Append"). Newer headers declare all of it themselves.
#pragma once

#include <level_zero/ze_api.h>

#ifndef ZE_MUTABLE_COMMAND_LIST_EXP_NAME

extern "C" {

#define ZE_MUTABLE_COMMAND_LIST_EXP_NAME "ZE_experimental_mutable_command_list"
#define ZE_IMMEDIATE_COMMAND_LIST_APPEND_EXP_NAME "ZE_experimental_immediate_command_list_append"
#define ZE_EVENT_POOL_COUNTER_BASED_EXP_NAME "ZE_experimental_event_pool_counter_based"

constexpr auto ZE_MUTABLE_COMMAND_LIST_EXP_VERSION_1_1 = ZE_MAKE_VERSION(1, 1);
constexpr auto ZE_IMMEDIATE_COMMAND_LIST_APPEND_EXP_VERSION_1_0 = ZE_MAKE_VERSION(1, 0);
constexpr auto ZE_EVENT_POOL_COUNTER_BASED_EXP_VERSION_1_0 = ZE_MAKE_VERSION(1, 0);

constexpr auto ZE_STRUCTURE_TYPE_COUNTER_BASED_EVENT_POOL_EXP_DESC = static_cast<ze_structure_type_t>(0x20014);
constexpr auto ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_LIST_EXP_PROPERTIES = static_cast<ze_structure_type_t>(0x20015);
constexpr auto ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_LIST_EXP_DESC = static_cast<ze_structure_type_t>(0x20016);
constexpr auto ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_ID_EXP_DESC = static_cast<ze_structure_type_t>(0x20017);
constexpr auto ZE_STRUCTURE_TYPE_MUTABLE_COMMANDS_EXP_DESC = static_cast<ze_structure_type_t>(0x20018);
constexpr auto ZE_STRUCTURE_TYPE_MUTABLE_KERNEL_ARGUMENT_EXP_DESC = static_cast<ze_structure_type_t>(0x20019);
constexpr auto ZE_STRUCTURE_TYPE_MUTABLE_GROUP_COUNT_EXP_DESC = static_cast<ze_structure_type_t>(0x2001a);
constexpr auto ZE_STRUCTURE_TYPE_MUTABLE_GROUP_SIZE_EXP_DESC = static_cast<ze_structure_type_t>(0x2001b);
constexpr auto ZE_STRUCTURE_TYPE_MUTABLE_GLOBAL_OFFSET_EXP_DESC = static_cast<ze_structure_type_t>(0x2001c);

constexpr auto ZE_COMMAND_LIST_FLAG_IN_ORDER = static_cast<ze_command_list_flag_t>(1 << 3);
constexpr auto ZE_COMMAND_QUEUE_FLAG_IN_ORDER = static_cast<ze_command_queue_flag_t>(1 << 1);

typedef uint32_t ze_event_pool_counter_based_exp_flags_t;
enum ze_event_pool_counter_based_exp_flag_t {
  ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_IMMEDIATE = 1 << 0,
  ZE_EVENT_POOL_COUNTER_BASED_EXP_FLAG_NON_IMMEDIATE = 1 << 1,
};

typedef uint32_t ze_mutable_command_list_exp_flags_t;
typedef uint32_t ze_mutable_command_exp_flags_t;
enum ze_mutable_command_exp_flag_t {
  ZE_MUTABLE_COMMAND_EXP_FLAG_KERNEL_ARGUMENTS = 1 << 0,
  ZE_MUTABLE_COMMAND_EXP_FLAG_GROUP_COUNT = 1 << 1,
  ZE_MUTABLE_COMMAND_EXP_FLAG_GROUP_SIZE = 1 << 2,
  ZE_MUTABLE_COMMAND_EXP_FLAG_GLOBAL_OFFSET = 1 << 3,
  ZE_MUTABLE_COMMAND_EXP_FLAG_SIGNAL_EVENT = 1 << 4,
  ZE_MUTABLE_COMMAND_EXP_FLAG_WAIT_EVENTS = 1 << 5,
  ZE_MUTABLE_COMMAND_EXP_FLAG_KERNEL_INSTRUCTION = 1 << 6,
};

struct ze_event_pool_counter_based_exp_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  ze_event_pool_counter_based_exp_flags_t flags;  // 0: as immediate
};

struct ze_mutable_command_list_exp_properties_t {
  ze_structure_type_t stype;
  void* pNext;
  ze_mutable_command_list_exp_flags_t mutableCommandListFlags;
  ze_mutable_command_exp_flags_t mutableCommandFlags;
};

struct ze_mutable_command_list_exp_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  ze_mutable_command_list_exp_flags_t flags;
};

struct ze_mutable_command_id_exp_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  ze_mutable_command_exp_flags_t flags;  // 0: all but the kernel
};

struct ze_mutable_commands_exp_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint32_t flags;
};

struct ze_mutable_kernel_argument_exp_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint64_t commandId;
  uint32_t argIndex;
  size_t argSize;
  const void* pArgValue;
};

struct ze_mutable_group_count_exp_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint64_t commandId;
  const ze_group_count_t* pGroupCount;
};

struct ze_mutable_group_size_exp_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint64_t commandId;
  uint32_t groupSizeX, groupSizeY, groupSizeZ;
};

struct ze_mutable_global_offset_exp_desc_t {
  ze_structure_type_t stype;
  const void* pNext;
  uint64_t commandId;
  uint32_t offsetX, offsetY, offsetZ;
};

ze_result_t zeCommandListImmediateAppendCommandListsExp(ze_command_list_handle_t immediate, uint32_t count,
                                                        ze_command_list_handle_t* lists, ze_event_handle_t signal,
                                                        uint32_t wait_count, ze_event_handle_t* waits);
ze_result_t zeCommandListGetNextCommandIdExp(ze_command_list_handle_t list,
                                             const ze_mutable_command_id_exp_desc_t* desc, uint64_t* command);
ze_result_t zeCommandListUpdateMutableCommandsExp(ze_command_list_handle_t list,
                                                  const ze_mutable_commands_exp_desc_t* desc);
ze_result_t zeCommandListUpdateMutableCommandSignalEventExp(ze_command_list_handle_t list, uint64_t command,
                                                            ze_event_handle_t signal);
ze_result_t zeCommandListUpdateMutableCommandWaitEventsExp(ze_command_list_handle_t list, uint64_t command,
                                                           uint32_t wait_count, ze_event_handle_t* waits);
ze_result_t zeCommandListGetNextCommandIdWithKernelsExp(ze_command_list_handle_t list,
                                                        const ze_mutable_command_id_exp_desc_t* desc, uint32_t count,
                                                        ze_kernel_handle_t* kernels, uint64_t* command);
ze_result_t zeCommandListUpdateMutableCommandKernelsExp(ze_command_list_handle_t list, uint32_t count,
                                                        uint64_t* commands, ze_kernel_handle_t* kernels);
ze_result_t zeCommandListHostSynchronize(ze_command_list_handle_t list, uint64_t timeout);

}  // extern "C"

#endif  // ZE_MUTABLE_COMMAND_LIST_EXP_NAME
