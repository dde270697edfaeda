// command – what a command list holds: an operation, the events it waits for and the event it signals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "runtime/ze_software/event.h"
#include "runtime/ze_software/launch.h"
#include "runtime/ze_software/newer_tables.h"

namespace metate::ze_software {

struct MarkOperation {};     // does nothing itself: waits, signals, hints
struct BarrierOperation {};  // ends as the first failed command before it did, so that its event tells

struct CopyOperation {
  void* target;
  const void* source;
  size_t bytes;
};

struct FillOperation {
  std::byte* target;
  size_t bytes;
  std::vector<std::byte> pattern;
};

/// Copies a box of bytes between two memories with their own row and slice pitches.
struct BoxCopyOperation {
  std::byte* target;
  const std::byte* source;
  size_t width, height, depth;
  size_t target_row_pitch, target_slice_pitch;
  size_t source_row_pitch, source_slice_pitch;
};

struct HostFunctionOperation {
  newer::ze_host_function_callback_t function;
  void* data;
};

struct ResetOperation {
  Event* event;
};

struct WriteTimestampOperation {
  uint64_t* target;
};

struct WriteEventTimestampsOperation {
  std::vector<Event*> events;
  std::byte* target;
  std::vector<size_t> offsets;  // into `target`; empty: one result after the other
};

using Operation = std::variant<MarkOperation, BarrierOperation, CopyOperation, FillOperation, BoxCopyOperation,
                               HostFunctionOperation, ResetOperation, WriteTimestampOperation,
                               WriteEventTimestampsOperation, Launch, IndirectLaunch, CooperativeLaunch>;

struct Command {
  Operation operation;
  std::vector<Event*> waits;
  Event* signal = nullptr;
};

/// Waits, runs and signals. The event is signalled on failure too, so that nobody hangs. `failure` is the first failure
/// of the commands before, if it has not been reported; this command's own is added. `counts` says for how many signals
/// to wait of those awaited events that count.
void execute(const Command& command, std::span<const uint64_t> counts, ze_result_t& failure);

/// The same of an operation behind nothing to wait for.
void execute(const Operation& operation, Event* signal, ze_result_t& failure);

/// Whether it surely takes less time than to hand it to another thread, once it may begin.
bool is_brief(const Operation& operation);

}  // namespace metate::ze_software
