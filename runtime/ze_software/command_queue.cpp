#include "runtime/ze_software/command_queue.h"

#include "runtime/ze_software/command_list.h"
#include "runtime/ze_software/context.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/fence.h"

namespace metate::ze_software {

ze_result_t check_queue_desc(const ze_command_queue_desc_t& desc) {
  constexpr ze_command_queue_flags_t known =
      ZE_COMMAND_QUEUE_FLAG_EXPLICIT_ONLY | ZE_COMMAND_QUEUE_FLAG_IN_ORDER | newer::kQueueCopyOffloadHint;
  if (desc.flags & ~known) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc.mode > ZE_COMMAND_QUEUE_MODE_ASYNCHRONOUS) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  if (desc.priority > ZE_COMMAND_QUEUE_PRIORITY_PRIORITY_HIGH) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  // There is one group of queues.
  return desc.ordinal == 0 && desc.index < kQueues ? ZE_RESULT_SUCCESS : ZE_RESULT_ERROR_INVALID_ARGUMENT;
}

ze_result_t zeCommandQueueCreate(ze_context_handle_t context, ze_device_handle_t device,
                                 const ze_command_queue_desc_t* desc, ze_command_queue_handle_t* queue) {
  if (ze_result_t bad = require({context, device}, {desc, queue})) return bad;
  if (ze_result_t bad = check_queue_desc(*desc)) return bad;
  auto* made = new CommandQueue(*desc);
  static_cast<Context*>(context)->add_stream(made->stream);
  *queue = made;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandQueueDestroy(ze_command_queue_handle_t queue) {
  if (ze_result_t bad = require({queue})) return bad;
  auto* owned = static_cast<CommandQueue*>(queue);
  // A fence may keep the stream alive, but the queue's work ends here.
  (void)owned->stream->synchronize(UINT64_MAX);
  delete owned;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandQueueExecuteCommandLists(ze_command_queue_handle_t handle, uint32_t count,
                                              ze_command_list_handle_t* lists, ze_fence_handle_t fence) {
  if (ze_result_t bad = require({handle}, {lists})) return bad;
  if (count == 0) return ZE_RESULT_ERROR_INVALID_SIZE;
  for (uint32_t i = 0; i < count; ++i) {
    if (!lists[i]) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
    const auto& list = *static_cast<const CommandList*>(lists[i]);
    if (list.immediate()) return ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE;
    if (!list.closed) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  }
  auto& queue = *static_cast<CommandQueue*>(handle);
  for (uint32_t i = 0; i < count; ++i) {
    Batch batch;
    batch.commands = &static_cast<const CommandList*>(lists[i])->commands;
    if (i + 1 == count) batch.fence = static_cast<Fence*>(fence);
    queue.stream->submit(std::move(batch), !queue.traits.synchronous());
  }
  return queue.traits.synchronous() ? queue.stream->synchronize(UINT64_MAX) : ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandQueueSynchronize(ze_command_queue_handle_t queue, uint64_t timeout) {
  if (ze_result_t bad = require({queue})) return bad;
  return static_cast<CommandQueue*>(queue)->stream->synchronize(timeout);
}

ze_result_t zeCommandQueueGetOrdinal(ze_command_queue_handle_t queue, uint32_t* ordinal) {
  if (ze_result_t bad = require({queue}, {ordinal})) return bad;
  *ordinal = 0;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandQueueGetIndex(ze_command_queue_handle_t queue, uint32_t* index) {
  if (ze_result_t bad = require({queue}, {index})) return bad;
  *index = static_cast<CommandQueue*>(queue)->traits.index;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandQueueGetFlags(ze_command_queue_handle_t queue, ze_command_queue_flags_t* flags) {
  if (ze_result_t bad = require({queue}, {flags})) return bad;
  *flags = static_cast<CommandQueue*>(queue)->traits.flags;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandQueueGetMode(ze_command_queue_handle_t queue, ze_command_queue_mode_t* mode) {
  if (ze_result_t bad = require({queue}, {mode})) return bad;
  *mode = static_cast<CommandQueue*>(queue)->traits.mode;
  return ZE_RESULT_SUCCESS;
}

ze_result_t zeCommandQueueGetPriority(ze_command_queue_handle_t queue, ze_command_queue_priority_t* priority) {
  if (ze_result_t bad = require({queue}, {priority})) return bad;
  *priority = static_cast<CommandQueue*>(queue)->traits.priority;
  return ZE_RESULT_SUCCESS;
}

}  // namespace metate::ze_software
