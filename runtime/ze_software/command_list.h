// command_list – records commands for a queue, or hands each to a stream of its own (immediate lists).
#pragma once

#include <memory>
#include <vector>

#include "runtime/ze_software/command.h"
#include "runtime/ze_software/command_queue.h"
#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/mutable_commands.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {

struct CommandList : _ze_command_list_handle_t {
  ze_context_handle_t context = nullptr;
  ze_device_handle_t device = nullptr;
  ze_command_list_flags_t flags = 0;  // of a regular list
  QueueTraits traits;                 // of an immediate list

  std::vector<Command> commands;   // of a regular list
  bool closed = false;             // of a regular list
  std::shared_ptr<Stream> stream;  // of an immediate list
  bool synchronous = false;        // of an immediate list: a command is done when its append returns

  bool is_mutable = false;   // of a regular list
  bool is_changing = false;  // of a mutable list that was closed and must be closed again
  MutableCommands mutable_commands;

  bool immediate() const { return stream != nullptr; }

  /// The end of every append that signals and waits: the wait list is checked and the command recorded or submitted.
  ze_result_t append(Operation&& operation, ze_event_handle_t signal, uint32_t wait_count, ze_event_handle_t* waits);

  /// Makes the launches anew that were changed.
  ze_result_t finish_changes();
};

}  // namespace metate::ze_software
