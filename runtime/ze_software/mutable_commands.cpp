#include "runtime/ze_software/mutable_commands.h"

#include <algorithm>

#include "runtime/ze_software/command_list.h"
#include "runtime/ze_software/entry_points.h"

namespace metate::ze_software {
namespace {

constexpr ze_mutable_command_exp_flags_t kNeedsKernel = ZE_MUTABLE_COMMAND_EXP_FLAG_KERNEL_INSTRUCTION;
constexpr ze_mutable_command_exp_flags_t kUsual = kMutableFlags & ~kNeedsKernel;

CommandList& list_of(ze_command_list_handle_t handle) { return *static_cast<CommandList*>(handle); }

/// Numbers that programs see begin with 1.
size_t index_of(uint64_t command) { return static_cast<size_t>(command) - 1; }

ze_result_t mark_next(ze_command_list_handle_t handle, const ze_mutable_command_id_exp_desc_t& desc,
                      std::span<const ze_kernel_handle_t> kernels, uint64_t* command) {
  CommandList& list = list_of(handle);
  if (!list.is_mutable || list.closed || list.is_changing) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  if (desc.flags & ~kMutableFlags) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  MutableCommand marked;
  marked.flags = desc.flags ? desc.flags : kUsual;
  marked.kernels.assign(kernels.begin(), kernels.end());
  list.mutable_commands[list.commands.size()] = std::move(marked);
  *command = list.commands.size() + 1;
  return ZE_RESULT_SUCCESS;
}

/// The command of that number, if the list is closed and the command may be changed in that way; null otherwise.
MutableCommand* find_mutable(CommandList& list, uint64_t command, ze_mutable_command_exp_flags_t change) {
  if (!list.is_mutable || !(list.closed || list.is_changing) || index_of(command) >= list.commands.size())
    return nullptr;
  auto found = list.mutable_commands.find(index_of(command));
  return found != list.mutable_commands.end() && (found->second.flags & change) ? &found->second : nullptr;
}

/// One structure of a chain of changes.
struct Change {
  CommandList& list;

  /// The command as something with a kernel.
  MutableCommand* launch(uint64_t command, ze_mutable_command_exp_flags_t change) {
    MutableCommand* found = find_mutable(list, command, change);
    return found && found->kernel ? found : nullptr;
  }

  ze_result_t argument(const ze_mutable_kernel_argument_exp_desc_t& desc) {
    MutableCommand* found = launch(desc.commandId, ZE_MUTABLE_COMMAND_EXP_FLAG_KERNEL_ARGUMENTS);
    if (!found) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    found->changed = true;
    return found->kernel->set_argument(desc.argIndex, desc.argSize, desc.pArgValue);
  }

  ze_result_t group_count(const ze_mutable_group_count_exp_desc_t& desc) {
    MutableCommand* found = launch(desc.commandId, ZE_MUTABLE_COMMAND_EXP_FLAG_GROUP_COUNT);
    if (!found) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    if (!desc.pGroupCount) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
    found->changed = true;
    found->groups = *desc.pGroupCount;
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t group_size(const ze_mutable_group_size_exp_desc_t& desc) {
    MutableCommand* found = launch(desc.commandId, ZE_MUTABLE_COMMAND_EXP_FLAG_GROUP_SIZE);
    if (!found) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    found->changed = true;
    return found->kernel->set_group_size(desc.groupSizeX, desc.groupSizeY, desc.groupSizeZ);
  }

  ze_result_t global_offset(const ze_mutable_global_offset_exp_desc_t& desc) {
    MutableCommand* found = launch(desc.commandId, ZE_MUTABLE_COMMAND_EXP_FLAG_GLOBAL_OFFSET);
    if (!found) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    found->changed = true;
    found->kernel->set_global_offset(desc.offsetX, desc.offsetY, desc.offsetZ);
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t apply(const ze_base_desc_t& desc) {
    const void* whole = &desc;
    if (desc.stype == ZE_STRUCTURE_TYPE_MUTABLE_KERNEL_ARGUMENT_EXP_DESC) {
      return argument(*static_cast<const ze_mutable_kernel_argument_exp_desc_t*>(whole));
    }
    if (desc.stype == ZE_STRUCTURE_TYPE_MUTABLE_GROUP_COUNT_EXP_DESC) {
      return group_count(*static_cast<const ze_mutable_group_count_exp_desc_t*>(whole));
    }
    if (desc.stype == ZE_STRUCTURE_TYPE_MUTABLE_GROUP_SIZE_EXP_DESC) {
      return group_size(*static_cast<const ze_mutable_group_size_exp_desc_t*>(whole));
    }
    if (desc.stype == ZE_STRUCTURE_TYPE_MUTABLE_GLOBAL_OFFSET_EXP_DESC) {
      return global_offset(*static_cast<const ze_mutable_global_offset_exp_desc_t*>(whole));
    }
    return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  }
};

/// The list is open for changes alone, and must be closed again.
void begin_change(CommandList& list) {
  list.closed = false;
  list.is_changing = true;
}

}  // namespace

ze_result_t CommandList::finish_changes() {
  for (auto& [index, command] : mutable_commands) {
    if (!command.changed || index >= commands.size()) continue;
    Launch launch;
    if (ze_result_t bad = command.kernel->prepare(command.groups, launch)) return bad;
    commands[index].operation = std::move(launch);
    command.changed = false;
  }
  is_changing = false;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListGetNextCommandIdExp(ze_command_list_handle_t list,
                                             const ze_mutable_command_id_exp_desc_t* desc, uint64_t* command) {
  if (ze_result_t bad = require({list}, {desc, command})) return bad;
  if (desc->flags & kNeedsKernel) return ZE_RESULT_ERROR_INVALID_ENUMERATION;  // the kernels must be known
  return mark_next(list, *desc, {}, command);
}

ze_result_t zeCommandListGetNextCommandIdWithKernelsExp(ze_command_list_handle_t list,
                                                        const ze_mutable_command_id_exp_desc_t* desc, uint32_t count,
                                                        ze_kernel_handle_t* kernels, uint64_t* command) {
  if (ze_result_t bad = require({list}, {desc, command})) return bad;
  if (count && !kernels) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  const std::span<ze_kernel_handle_t> known(kernels, count);
  if (std::find(known.begin(), known.end(), nullptr) != known.end()) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
  return mark_next(list, *desc, known, command);
}

ze_result_t zeCommandListUpdateMutableCommandsExp(ze_command_list_handle_t handle,
                                                  const ze_mutable_commands_exp_desc_t* desc) {
  if (ze_result_t bad = require({handle}, {desc})) return bad;
  if (desc->flags) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  Change change{list_of(handle)};
  for (auto* next = static_cast<const ze_base_desc_t*>(desc->pNext); next;
       next = static_cast<const ze_base_desc_t*>(next->pNext)) {
    if (ze_result_t bad = change.apply(*next)) return bad;
    begin_change(change.list);
  }
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListUpdateMutableCommandSignalEventExp(ze_command_list_handle_t handle, uint64_t command,
                                                            ze_event_handle_t signal) {
  if (ze_result_t bad = require({handle})) return bad;
  CommandList& list = list_of(handle);
  if (!find_mutable(list, command, ZE_MUTABLE_COMMAND_EXP_FLAG_SIGNAL_EVENT)) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  list.commands[index_of(command)].signal = static_cast<Event*>(signal);
  begin_change(list);
  return ZE_RESULT_SUCCESS;
}

/// As many events as before, or none: then the command waits for nothing.
ze_result_t zeCommandListUpdateMutableCommandWaitEventsExp(ze_command_list_handle_t handle, uint64_t command,
                                                           uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({handle})) return bad;
  CommandList& list = list_of(handle);
  if (!find_mutable(list, command, ZE_MUTABLE_COMMAND_EXP_FLAG_WAIT_EVENTS)) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  std::vector<Event*> events;
  for (uint32_t i = 0; waits && i < wait_count; ++i) {
    if (!waits[i]) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
    events.push_back(static_cast<Event*>(waits[i]));
  }
  std::vector<Event*>& known = list.commands[index_of(command)].waits;
  if (waits && events.size() != known.size()) return ZE_RESULT_ERROR_INVALID_SIZE;
  known = std::move(events);
  begin_change(list);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListUpdateMutableCommandKernelsExp(ze_command_list_handle_t handle, uint32_t count,
                                                        uint64_t* commands, ze_kernel_handle_t* kernels) {
  if (ze_result_t bad = require({handle}, {commands, kernels})) return bad;
  CommandList& list = list_of(handle);
  for (uint32_t i = 0; i < count; ++i) {
    if (!kernels[i]) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
    MutableCommand* found = find_mutable(list, commands[i], kNeedsKernel);
    if (!found || !found->kernel) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    const auto& known = found->kernels;
    if (std::find(known.begin(), known.end(), kernels[i]) == known.end()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    found->kernel = *static_cast<const Kernel*>(kernels[i]);
    found->changed = true;
    begin_change(list);
  }
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
