#include "runtime/ze_software/command.h"

#include <algorithm>
#include <cstring>

#include "runtime/ze_software/device.h"
#include "runtime/ze_software/execution_gate.h"

namespace metate::ze_software {
namespace {

struct Executor {
  ze_result_t& failure;

  ze_result_t operator()(const MarkOperation&) const { return ZE_RESULT_SUCCESS; }

  ze_result_t operator()(const BarrierOperation&) const { return failure; }

  ze_result_t operator()(const CopyOperation& copy) const {
    std::memmove(copy.target, copy.source, copy.bytes);
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t operator()(const FillOperation& fill) const {
    if (fill.pattern.size() == 1) {
      std::memset(fill.target, std::to_integer<int>(fill.pattern[0]), fill.bytes);
      return ZE_RESULT_SUCCESS;
    }
    // Doubling what is there already: few large copies instead of many small ones.
    size_t filled = std::min(fill.bytes, fill.pattern.size());
    std::memcpy(fill.target, fill.pattern.data(), filled);
    while (filled < fill.bytes) {
      const size_t next = std::min(filled, fill.bytes - filled);
      std::memcpy(fill.target + filled, fill.target, next);
      filled += next;
    }
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t operator()(const BoxCopyOperation& box) const {
    for (size_t slice = 0; slice < box.depth; ++slice) {
      for (size_t row = 0; row < box.height; ++row) {
        std::memmove(box.target + slice * box.target_slice_pitch + row * box.target_row_pitch,
                     box.source + slice * box.source_slice_pitch + row * box.source_row_pitch, box.width);
      }
    }
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t operator()(const HostFunctionOperation& call) const {
    call.function(call.data);
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t operator()(const ResetOperation& reset) const {
    reset.event->reset();
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t operator()(const WriteTimestampOperation& write) const {
    *write.target = timestamp_now();
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t operator()(const WriteEventTimestampsOperation& write) const {
    for (size_t i = 0; i < write.events.size(); ++i) {
      ze_kernel_timestamp_result_t times{};
      if (ze_result_t bad = write.events[i]->read_timestamps(&times)) return bad;
      const size_t offset = write.offsets.empty() ? i * sizeof(times) : write.offsets[i];
      std::memcpy(write.target + offset, &times, sizeof(times));
    }
    return ZE_RESULT_SUCCESS;
  }

  ze_result_t operator()(const Launch& launch) const { return run(launch); }

  ze_result_t operator()(const IndirectLaunch& indirect) const { return run(indirect); }

  ze_result_t operator()(const CooperativeLaunch& cooperative) const { return run(cooperative); }
};

/// Functions of the host may do anything, so that nobody can wait for their end.
ze_result_t run_operation(const Operation& operation, ze_result_t& failure) {
  if (const auto* call = std::get_if<HostFunctionOperation>(&operation)) return Executor{failure}(*call);
  const OperationScope scope;
  return std::visit(Executor{failure}, operation);
}

/// `result` is what was waited for.
void run_and_signal(const Operation& operation, Event* signal, ze_result_t result, ze_result_t& failure) {
  const bool timed = signal && signal->traits().timed;
  const uint64_t start = timed ? timestamp_now() : 0;
  if (result == ZE_RESULT_SUCCESS) result = run_operation(operation, failure);
  if (failure == ZE_RESULT_SUCCESS) failure = result;
  if (!signal) return;
  // A barrier's event reports the failures before it, and then they are no news any more.
  if (std::holds_alternative<BarrierOperation>(operation)) failure = ZE_RESULT_SUCCESS;
  signal->signal(start, timed ? timestamp_now() : 0, result);
}

}  // namespace

void execute(const Command& command, std::span<const uint64_t> counts, ze_result_t& failure) {
  ze_result_t result = ZE_RESULT_SUCCESS;
  for (Event* event : command.waits) {
    const ze_result_t awaited =
        event->counts() ? event->wait_for_count(counts.front(), UINT64_MAX) : event->wait(UINT64_MAX);
    if (event->counts()) counts = counts.subspan(1);
    if (result == ZE_RESULT_SUCCESS) result = awaited;
  }
  run_and_signal(command.operation, command.signal, result, failure);
}

void execute(const Operation& operation, Event* signal, ze_result_t& failure) {
  run_and_signal(operation, signal, ZE_RESULT_SUCCESS, failure);
}

bool is_brief(const Operation& operation) {
  constexpr size_t kFewBytes = 4096;
  if (auto* launch = std::get_if<Launch>(&operation)) return is_brief(*launch);
  if (auto* copy = std::get_if<CopyOperation>(&operation)) return copy->bytes <= kFewBytes;
  if (auto* fill = std::get_if<FillOperation>(&operation)) return fill->bytes <= kFewBytes;
  return std::holds_alternative<MarkOperation>(operation) || std::holds_alternative<BarrierOperation>(operation) ||
         std::holds_alternative<ResetOperation>(operation) ||
         std::holds_alternative<WriteTimestampOperation>(operation);
}

}  // namespace metate::ze_software
