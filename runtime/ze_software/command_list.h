// command_list – records commands for a queue, or hands each to a stream of its own (immediate lists).
#pragma once

#include <memory>
#include <vector>

#include "runtime/ze_software/command.h"
#include "runtime/ze_software/handles.h"
#include "runtime/ze_software/mutable_commands.h"
#include "runtime/ze_software/stream.h"

namespace metate::ze_software {

struct CommandList : _ze_command_list_handle_t {
  std::vector<Command> commands;   // of a regular list
  bool closed = false;             // of a regular list
  std::shared_ptr<Stream> stream;  // of an immediate list
  bool synchronous = false;        // of an immediate list: a command is done when its append returns

  bool is_mutable = false;   // of a regular list
  bool is_changing = false;  // of a mutable list that was closed and must be closed again
  MutableCommands mutable_commands;

  bool immediate() const { return stream != nullptr; }

  /// Records or submits.
  ze_result_t append(Command command);

  /// Makes the launches anew that were changed.
  ze_result_t finish_changes();
};

}  // namespace metate::ze_software
