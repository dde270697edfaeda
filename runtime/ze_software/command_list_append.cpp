// command_list_append – the entry points that append a command: check it, copy what it needs, append.
#include <bit>
#include <cstring>

#include "runtime/ze_software/command_list.h"
#include "runtime/ze_software/context.h"
#include "runtime/ze_software/device.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/kernel.h"

namespace metate::ze_software {
namespace {

Event* event_or_null(ze_event_handle_t handle) { return static_cast<Event*>(handle); }

ze_result_t append(ze_command_list_handle_t list, Operation&& operation, ze_event_handle_t signal = nullptr,
                   uint32_t wait_count = 0, ze_event_handle_t* waits = nullptr) {
  return static_cast<CommandList*>(list)->append(std::move(operation), signal, wait_count, waits);
}

/// The launch that is appended next, if it may be changed later.
void remember_for_changes(CommandList& list, const Kernel& kernel, const ze_group_count_t& groups) {
  if (!list.is_mutable) return;
  auto found = list.mutable_commands.find(list.commands.size());
  if (found == list.mutable_commands.end()) return;
  found->second.kernel = kernel;
  found->second.groups = groups;
}

}  // namespace

ze_result_t zeCommandListAppendWriteGlobalTimestamp(ze_command_list_handle_t list, uint64_t* target,
                                                    ze_event_handle_t signal, uint32_t wait_count,
                                                    ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list}, {target})) return bad;
  return append(list, WriteTimestampOperation{target}, signal, wait_count, waits);
}

// Commands of a list run in order, each after the one before it is done: a barrier has nothing to add.
ze_result_t zeCommandListAppendBarrier(ze_command_list_handle_t list, ze_event_handle_t signal, uint32_t wait_count,
                                       ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list})) return bad;
  return append(list, BarrierOperation{}, signal, wait_count, waits);
}

ze_result_t zeCommandListAppendMemoryRangesBarrier(ze_command_list_handle_t list, uint32_t range_count,
                                                   const size_t* sizes, const void** ranges, ze_event_handle_t signal,
                                                   uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list}, {sizes, ranges})) return bad;
  if (range_count == 0) return ZE_RESULT_ERROR_INVALID_SIZE;
  return append(list, BarrierOperation{}, signal, wait_count, waits);
}

ze_result_t zeCommandListAppendMemoryCopy(ze_command_list_handle_t list, void* target, const void* source, size_t size,
                                          ze_event_handle_t signal, uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list}, {target, source})) return bad;
  return append(list, CopyOperation{target, source, size}, signal, wait_count, waits);
}

ze_result_t zeCommandListAppendMemoryCopyFromContext(ze_command_list_handle_t list, void* target,
                                                     ze_context_handle_t source_context, const void* source,
                                                     size_t size, ze_event_handle_t signal, uint32_t wait_count,
                                                     ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list, source_context}, {target, source})) return bad;
  return append(list, CopyOperation{target, source, size}, signal, wait_count, waits);
}

ze_result_t zeCommandListAppendMemoryFill(ze_command_list_handle_t list, void* target, const void* pattern,
                                          size_t pattern_size, size_t size, ze_event_handle_t signal,
                                          uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list}, {target, pattern})) return bad;
  if (!std::has_single_bit(pattern_size) || pattern_size > kMaxFillPattern) return ZE_RESULT_ERROR_INVALID_SIZE;
  const auto* bytes = static_cast<const std::byte*>(pattern);
  FillOperation fill{static_cast<std::byte*>(target), size, {bytes, bytes + pattern_size}};
  return append(list, std::move(fill), signal, wait_count, waits);
}

ze_result_t zeCommandListAppendMemoryCopyRegion(ze_command_list_handle_t list, void* target,
                                                const ze_copy_region_t* target_region, uint32_t target_pitch,
                                                uint32_t target_slice_pitch, const void* source,
                                                const ze_copy_region_t* source_region, uint32_t source_pitch,
                                                uint32_t source_slice_pitch, ze_event_handle_t signal,
                                                uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list}, {target, target_region, source, source_region})) return bad;
  const ze_copy_region_t& to = *target_region;
  const ze_copy_region_t& from = *source_region;
  if (to.width != from.width || to.height != from.height || to.depth != from.depth) {
    return ZE_RESULT_ERROR_INVALID_SIZE;
  }
  auto origin = [](const ze_copy_region_t& region, size_t pitch, size_t slice_pitch) {
    return region.originX + region.originY * pitch + region.originZ * slice_pitch;
  };
  BoxCopyOperation box{};
  box.target = static_cast<std::byte*>(target) + origin(to, target_pitch, target_slice_pitch);
  box.source = static_cast<const std::byte*>(source) + origin(from, source_pitch, source_slice_pitch);
  box.width = to.width;
  box.height = std::max<size_t>(to.height, 1);
  box.depth = std::max<size_t>(to.depth, 1);
  box.target_row_pitch = target_pitch;
  box.target_slice_pitch = target_slice_pitch;
  box.source_row_pitch = source_pitch;
  box.source_slice_pitch = source_slice_pitch;
  return append(list, box, signal, wait_count, waits);
}

// The device computes in host memory: there is nothing to move ahead of time and no placement to advise.
ze_result_t zeCommandListAppendMemoryPrefetch(ze_command_list_handle_t list, const void* pointer, size_t size) {
  if (ze_result_t bad = require({list}, {pointer})) return bad;
  return append(list, MarkOperation{});
}

ze_result_t zeCommandListAppendMemAdvise(ze_command_list_handle_t list, ze_device_handle_t device, const void* pointer,
                                         size_t size, ze_memory_advice_t advice) {
  if (ze_result_t bad = require({list, device}, {pointer})) return bad;
  if (advice > ZE_MEMORY_ADVICE_BIAS_UNCACHED) return ZE_RESULT_ERROR_INVALID_ENUMERATION;
  return append(list, MarkOperation{});
}

ze_result_t zeCommandListAppendSignalEvent(ze_command_list_handle_t list, ze_event_handle_t event) {
  if (ze_result_t bad = require({list, event})) return bad;
  return append(list, MarkOperation{}, event);
}

ze_result_t zeCommandListAppendWaitOnEvents(ze_command_list_handle_t list, uint32_t count, ze_event_handle_t* events) {
  if (ze_result_t bad = require({list}, {events})) return bad;
  return append(list, MarkOperation{}, nullptr, count, events);
}

ze_result_t zeCommandListAppendEventReset(ze_command_list_handle_t list, ze_event_handle_t event) {
  if (ze_result_t bad = require({list, event})) return bad;
  if (event_or_null(event)->counts()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  return append(list, ResetOperation{event_or_null(event)});
}

ze_result_t zeCommandListAppendQueryKernelTimestamps(ze_command_list_handle_t list, uint32_t count,
                                                     ze_event_handle_t* events, void* target, const size_t* offsets,
                                                     ze_event_handle_t signal, uint32_t wait_count,
                                                     ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list}, {events, target})) return bad;
  WriteEventTimestampsOperation write{{}, static_cast<std::byte*>(target), {}};
  for (uint32_t i = 0; i < count; ++i) {
    if (!events[i]) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
    write.events.push_back(event_or_null(events[i]));
  }
  if (offsets) write.offsets.assign(offsets, offsets + count);
  return append(list, std::move(write), signal, wait_count, waits);
}

ze_result_t zeCommandListImmediateAppendCommandListsExp(ze_command_list_handle_t immediate, uint32_t count,
                                                        ze_command_list_handle_t* lists, ze_event_handle_t signal,
                                                        uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({immediate}, {lists})) return bad;
  if (count == 0) return ZE_RESULT_ERROR_INVALID_SIZE;
  auto& target = *static_cast<CommandList*>(immediate);
  if (!target.immediate()) return ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE;
  for (uint32_t i = 0; i < count; ++i) {
    if (!lists[i]) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
    const auto& list = *static_cast<const CommandList*>(lists[i]);
    if (list.immediate()) return ZE_RESULT_ERROR_INVALID_COMMAND_LIST_TYPE;
    if (!list.closed) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  }
  if (ze_result_t bad = append(immediate, MarkOperation{}, nullptr, wait_count, waits)) return bad;
  for (uint32_t i = 0; i < count; ++i) {
    Batch batch;
    batch.commands = &static_cast<const CommandList*>(lists[i])->commands;
    target.stream->submit(std::move(batch), !target.synchronous);
  }
  return append(immediate, BarrierOperation{}, signal);
}

ze_result_t zeCommandListAppendLaunchKernel(ze_command_list_handle_t list, ze_kernel_handle_t handle,
                                            const ze_group_count_t* groups, ze_event_handle_t signal,
                                            uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list, handle}, {groups})) return bad;
  Operation operation(std::in_place_type<Launch>);
  const auto& kernel = *static_cast<const Kernel*>(handle);
  if (ze_result_t bad = kernel.prepare(*groups, std::get<Launch>(operation))) return bad;
  remember_for_changes(*static_cast<CommandList*>(list), kernel, *groups);
  return append(list, std::move(operation), signal, wait_count, waits);
}

ze_result_t zeCommandListAppendLaunchCooperativeKernel(ze_command_list_handle_t list, ze_kernel_handle_t handle,
                                                       const ze_group_count_t* groups, ze_event_handle_t signal,
                                                       uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list, handle}, {groups})) return bad;
  CooperativeLaunch cooperative;
  if (ze_result_t bad = static_cast<const Kernel*>(handle)->prepare(*groups, cooperative.launch)) return bad;
  const uint64_t count = uint64_t{groups->groupCountX} * groups->groupCountY * groups->groupCountZ;
  if (count > max_cooperative_groups()) return ZE_RESULT_ERROR_INVALID_ARGUMENT;
  return append(list, std::move(cooperative), signal, wait_count, waits);
}

ze_result_t zeCommandListAppendLaunchKernelIndirect(ze_command_list_handle_t list, ze_kernel_handle_t handle,
                                                    const ze_group_count_t* groups, ze_event_handle_t signal,
                                                    uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list, handle}, {groups})) return bad;
  IndirectLaunch indirect{std::vector<Launch>(1), nullptr, groups};
  if (ze_result_t bad = static_cast<const Kernel*>(handle)->prepare({}, indirect.launches[0])) return bad;
  return append(list, std::move(indirect), signal, wait_count, waits);
}

ze_result_t zeCommandListAppendLaunchMultipleKernelsIndirect(ze_command_list_handle_t list, uint32_t kernel_count,
                                                             ze_kernel_handle_t* kernels, const uint32_t* count,
                                                             const ze_group_count_t* groups, ze_event_handle_t signal,
                                                             uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list}, {kernels, count, groups})) return bad;
  IndirectLaunch indirect{std::vector<Launch>(kernel_count), count, groups};
  for (uint32_t i = 0; i < kernel_count; ++i) {
    if (!kernels[i]) return ZE_RESULT_ERROR_INVALID_NULL_HANDLE;
    if (ze_result_t bad = static_cast<const Kernel*>(kernels[i])->prepare({}, indirect.launches[i])) return bad;
  }
  return append(list, std::move(indirect), signal, wait_count, waits);
}

}  // namespace metate::ze_software
