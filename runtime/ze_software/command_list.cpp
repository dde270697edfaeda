#include "runtime/ze_software/command_list.h"

#include "runtime/ze_software/command_queue.h"
#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"

namespace metate::ze_software {

ze_result_t CommandList::append(Command command) {
  if (!immediate()) {
    if (closed || is_changing) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
    commands.push_back(std::move(command));
    return ZE_RESULT_SUCCESS;
  }
  Batch batch;
  batch.command = std::move(command);
  stream->submit(std::move(batch), !synchronous);
  return synchronous ? stream->synchronize(UINT64_MAX) : ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListCreate(ze_context_handle_t context, ze_device_handle_t device,
                                const ze_command_list_desc_t* desc, ze_command_list_handle_t* list) {
  if (ze_result_t bad = require({context, device}, {desc, list})) return bad;
  constexpr ze_command_list_flags_t known = ZE_COMMAND_LIST_FLAG_RELAXED_ORDERING |
                                            ZE_COMMAND_LIST_FLAG_MAXIMIZE_THROUGHPUT |
                                            ZE_COMMAND_LIST_FLAG_EXPLICIT_ONLY | ZE_COMMAND_LIST_FLAG_IN_ORDER;
  if (desc->flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc->commandQueueGroupOrdinal != 0) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  auto* made = new CommandList;
  made->is_mutable = find_extension<void>(desc->pNext, ZE_STRUCTURE_TYPE_MUTABLE_COMMAND_LIST_EXP_DESC);
  *list = made;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandListCreateImmediate(ze_context_handle_t context, ze_device_handle_t device,
                                         const ze_command_queue_desc_t* desc, ze_command_list_handle_t* list) {
  if (ze_result_t bad = require({context, device}, {desc, list})) return bad;
  if (ze_result_t bad = check_queue_desc(*desc)) return bad;
  auto* made = new CommandList;
  made->stream = std::make_shared<Stream>();
  static_cast<Context*>(context)->streams.add(made->stream);
  made->synchronous = desc->mode == ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS;
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

}  // namespace metate::ze_software
