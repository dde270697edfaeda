// command_queue – takes closed command lists and runs them in order.
#pragma once

#include <memory>

#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {

struct CommandQueue : _ze_command_queue_handle_t {
  std::shared_ptr<Stream> stream = std::make_shared<Stream>();
  bool synchronous = false;
};

/// The checks that queues and immediate command lists share.
ze_result_t check_queue_desc(const ze_command_queue_desc_t& desc);

}  // namespace metate::ze_software
