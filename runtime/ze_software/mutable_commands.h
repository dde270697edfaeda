// mutable_commands – what of a closed command list's launches may still be changed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "runtime/ze_software/kernel.h"
#include "runtime/ze_software/newer_api.h"

namespace metate::ze_software {

inline constexpr ze_mutable_command_exp_flags_t kMutableFlags =
    ZE_MUTABLE_COMMAND_EXP_FLAG_KERNEL_ARGUMENTS | ZE_MUTABLE_COMMAND_EXP_FLAG_GROUP_COUNT |
    ZE_MUTABLE_COMMAND_EXP_FLAG_GROUP_SIZE | ZE_MUTABLE_COMMAND_EXP_FLAG_GLOBAL_OFFSET |
    ZE_MUTABLE_COMMAND_EXP_FLAG_SIGNAL_EVENT | ZE_MUTABLE_COMMAND_EXP_FLAG_WAIT_EVENTS |
    ZE_MUTABLE_COMMAND_EXP_FLAG_KERNEL_INSTRUCTION;

/// A launch is changed by setting its kernel anew and preparing it once more, when the list is closed again.
struct MutableCommand {
  ze_mutable_command_exp_flags_t flags = 0;  // what may change
  std::vector<ze_kernel_handle_t> kernels;   // that may take its place
  std::optional<Kernel> kernel;              // with all that is set now; none: the command is no launch
  ze_group_count_t groups{};
  bool changed = false;
};

/// By the number of the command in its list.
using MutableCommands = std::map<size_t, MutableCommand>;

}  // namespace metate::ze_software
