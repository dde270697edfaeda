// command_queue – takes closed command lists and runs them in order.
#pragma once

#include <memory>

#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {

/// What a program can ask a queue for, or an immediate command list.
struct QueueTraits {
  uint32_t index = 0;
  ze_command_queue_flags_t flags = 0;
  ze_command_queue_mode_t mode = ZE_COMMAND_QUEUE_MODE_DEFAULT;
  ze_command_queue_priority_t priority = ZE_COMMAND_QUEUE_PRIORITY_NORMAL;

  QueueTraits() = default;
  explicit QueueTraits(const ze_command_queue_desc_t& desc)
      : index(desc.index), flags(desc.flags), mode(desc.mode), priority(desc.priority) {}

  bool synchronous() const { return mode == ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS; }
};

struct CommandQueue : _ze_command_queue_handle_t {
  const QueueTraits traits;
  const std::shared_ptr<Stream> stream = std::make_shared<Stream>();

  explicit CommandQueue(const ze_command_queue_desc_t& desc) : traits(desc) {}
};

/// The checks that queues and immediate command lists share.
ze_result_t check_queue_desc(const ze_command_queue_desc_t& desc);

}  // namespace metate::ze_software
