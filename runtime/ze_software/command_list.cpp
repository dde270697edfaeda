#include "runtime/ze_software/command_list.h"

#include "runtime/ze_software/command_queue.h"
#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"

namespace metate::ze_software {
namespace {

ze_result_t require_immediate(ze_command_list_handle_t list, const void* answer) {
  if (ze_result_t bad = require({list}, {answer})) return bad;
  return static_cast<CommandList*>(list)->immediate() ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE;
}

}  // namespace

ze_result_t CommandList::append(Operation&& operation, ze_event_handle_t signal, uint32_t wait_count,
                                ze_event_handle_t* waits) {
  if (wait_count && !waits) return ZE_RESULT_ERROR_INVALID_SIZE;
  std::vector<Event*> awaited;
  for (uint32_t i = 0; i < wait_count; ++i) {
    if (!waits[i]) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
    awaited.push_back(static_cast<Event*>(waits[i]));
  }
  // Built in its place: a launch is large.
  auto* const event = static_cast<Event*>(signal);
  if (!immediate()) {
    if (closed || is_changing) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    commands.emplace_back(std::move(operation), std::move(awaited), event);
    return ZE_RESULT_SUCCESS;
  }
  if (!synchronous && awaited.empty() && is_brief(operation) && stream->run_if_idle(operation, event))
    return ZE_RESULT_SUCCESS;
  Batch batch;
  batch.command.emplace(std::move(operation), std::move(awaited), event);
  if (synchronous) return stream->run(std::move(batch));
  stream->submit(std::move(batch), true);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListCreate(ze_context_handle_t context, ze_device_handle_t device,
                                const ze_command_list_desc_t* desc, ze_command_list_handle_t* list) {
  if (ze_result_t bad = require({context, device}, {desc, list})) return bad;
  constexpr ze_command_list_flags_t known = ZE_COMMAND_LIST_FLAG_RELAXED_ORDERING |
                                            ZE_COMMAND_LIST_FLAG_MAXIMIZE_THROUGHPUT |
                                            ZE_COMMAND_LIST_FLAG_EXPLICIT_ONLY | ZE_COMMAND_LIST_FLAG_IN_ORDER |
                                            newer::kCloneable | newer::kListCopyOffloadHint;
  if (desc->flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->commandQueueGroupOrdinal != 0) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  auto* made = new CommandList;
  made->context = context;
  made->device = device;
  made->flags = desc->flags;
  made->is_mutable = find_extension<void>(desc->pNext, ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_LIST_EXP_DESC);
  *list = made;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListCreateImmediate(ze_context_handle_t context, ze_device_handle_t device,
                                         const ze_command_queue_desc_t* desc, ze_command_list_handle_t* list) {
  if (ze_result_t bad = require({context, device}, {desc, list})) return bad;
  if (ze_result_t bad = check_queue_desc(*desc)) return bad;
  auto* made = new CommandList;
  made->context = context;
  made->device = device;
  made->traits = QueueTraits(*desc);
  made->stream = std::make_shared<Stream>();
  static_cast<Context*>(context)->add_stream(made->stream);
  made->synchronous = made->traits.synchronous();
  *list = made;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListDestroy(ze_command_list_handle_t list) {
  if (ze_result_t bad = require({list})) return bad;
  auto* owned = static_cast<CommandList*>(list);
  // An event may keep the stream alive, but the list's work ends here.
  if (owned->immediate()) (void)owned->stream->synchronize(UINT64_MAX);
  delete owned;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListClose(ze_command_list_handle_t handle) {
  if (ze_result_t bad = require({handle})) return bad;
  auto& list = *static_cast<CommandList*>(handle);
  if (list.immediate()) return ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE;
  if (ze_result_t bad = list.finish_changes()) return bad;
  list.closed = true;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListReset(ze_command_list_handle_t handle) {
  if (ze_result_t bad = require({handle})) return bad;
  auto& list = *static_cast<CommandList*>(handle);
  if (list.immediate()) return ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE;
  list.commands.clear();
  list.mutable_commands.clear();
  list.is_changing = false;
  list.closed = false;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListHostSynchronize(ze_command_list_handle_t handle, uint64_t timeout) {
  if (ze_result_t bad = require({handle})) return bad;
  const auto& list = *static_cast<CommandList*>(handle);
  if (!list.immediate()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  return list.stream->synchronize(timeout);
}

/// A copy of what was recorded; events and memory are the same ones.
ze_result_t zeCommandListCreateCloneExp(ze_command_list_handle_t handle, ze_command_list_handle_t* clone) {
  if (ze_result_t bad = require({handle}, {clone})) return bad;
  const auto& list = *static_cast<CommandList*>(handle);
  if (list.immediate()) return ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE;
  if (!list.closed || !(list.flags & newer::kCloneable)) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  *clone = new CommandList(list);
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListIsImmediate(ze_command_list_handle_t list, ze_bool_t* answer) {
  if (ze_result_t bad = require({list}, {answer})) return bad;
  *answer = static_cast<CommandList*>(list)->immediate();
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListIsMutableExp(ze_command_list_handle_t list, ze_bool_t* answer) {
  if (ze_result_t bad = require({list}, {answer})) return bad;
  *answer = static_cast<CommandList*>(list)->is_mutable;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListGetDeviceHandle(ze_command_list_handle_t list, ze_device_handle_t* device) {
  if (ze_result_t bad = require({list}, {device})) return bad;
  *device = static_cast<CommandList*>(list)->device;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListGetContextHandle(ze_command_list_handle_t list, ze_context_handle_t* context) {
  if (ze_result_t bad = require({list}, {context})) return bad;
  *context = static_cast<CommandList*>(list)->context;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListGetOrdinal(ze_command_list_handle_t list, uint32_t* ordinal) {
  if (ze_result_t bad = require({list}, {ordinal})) return bad;
  *ordinal = 0;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListGetFlags(ze_command_list_handle_t list, ze_command_list_flags_t* flags) {
  if (ze_result_t bad = require({list}, {flags})) return bad;
  *flags = static_cast<CommandList*>(list)->flags;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListImmediateGetIndex(ze_command_list_handle_t list, uint32_t* index) {
  if (ze_result_t bad = require_immediate(list, index)) return bad;
  *index = static_cast<CommandList*>(list)->traits.index;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListImmediateGetFlags(ze_command_list_handle_t list, ze_command_queue_flags_t* flags) {
  if (ze_result_t bad = require_immediate(list, flags)) return bad;
  *flags = static_cast<CommandList*>(list)->traits.flags;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListImmediateGetMode(ze_command_list_handle_t list, ze_command_queue_mode_t* mode) {
  if (ze_result_t bad = require_immediate(list, mode)) return bad;
  *mode = static_cast<CommandList*>(list)->traits.mode;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListImmediateGetPriority(ze_command_list_handle_t list, ze_command_queue_priority_t* priority) {
  if (ze_result_t bad = require_immediate(list, priority)) return bad;
  *priority = static_cast<CommandList*>(list)->traits.priority;
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
