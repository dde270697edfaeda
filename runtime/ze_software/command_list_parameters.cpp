// command_list_parameters – the appends that take a chain of parameters, or a kernel's arguments with the launch.
#include "runtime/ze_software/command_list.h"
#include "runtime/ze_software/entry_points.h"
#include "runtime/ze_software/kernel.h"
#include "runtime/ze_software/last_error.h"

namespace metate::ze_software {
namespace {

/// Of appends that have no parameters that a CPU could heed.
ze_result_t require_no_chain(const void* chain) {
  if (!chain) return ZE_RESULT_SUCCESS;
  return explain_error(ZE_RESULT_ERROR_UNSUPPORTED_FEATURE, "this append knows no parameters");
}

ze_result_t read_launch_parameters(const void* chain, bool& cooperative) {
  for (auto* next = static_cast<const ze_base_desc_t*>(chain); next;
       next = static_cast<const ze_base_desc_t*>(next->pNext)) {
    if (next->stype != newer::kCooperativeDesc) {
      return explain_error(ZE_RESULT_ERROR_UNSUPPORTED_FEATURE,
                           "launches know one parameter: that they are cooperative");
    }
    const void* whole = next;
    cooperative =
        static_cast<const newer::ze_command_list_append_launch_kernel_param_cooperative_desc_t*>(whole)->isCooperative;
  }
  return ZE_RESULT_SUCCESS;
}

}  // namespace

ze_result_t zeCommandListAppendLaunchKernelWithParameters(ze_command_list_handle_t list, ze_kernel_handle_t kernel,
                                                          const ze_group_count_t* groups, const void* chain,
                                                          ze_event_handle_t signal, uint32_t wait_count,
                                                          ze_event_handle_t* waits) {
  bool cooperative = false;
  if (ze_result_t bad = read_launch_parameters(chain, cooperative)) return bad;
  return (cooperative ? ze_software::zeCommandListAppendLaunchCooperativeKernel
                      : ze_software::zeCommandListAppendLaunchKernel)(list, kernel, groups, signal, wait_count, waits);
}

/// The kernel keeps the group size and the arguments, as if they had been set one by one. The argument of local memory
/// is its size, a size_t.
ze_result_t zeCommandListAppendLaunchKernelWithArguments(ze_command_list_handle_t list, ze_kernel_handle_t handle,
                                                         ze_group_count_t groups, newer::ze_group_size_t size,
                                                         void** arguments, const void* chain, ze_event_handle_t signal,
                                                         uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list, handle})) return bad;
  Kernel& kernel = *static_cast<Kernel*>(handle);
  const std::vector<KernelArgument>& all = kernel.code().arguments;
  if (!all.empty() && !arguments) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
  if (ze_result_t bad = kernel.set_group_size(size.groupSizeX, size.groupSizeY, size.groupSizeZ)) return bad;
  for (uint32_t i = 0; i < all.size(); ++i) {
    const bool local = all[i].kind == ArgumentKind::kLocalPointer;
    if (local && !arguments[i]) return ZE_RESULT_ERROR_INVALID_NULL_POINTER;
    const ze_result_t bad = local ? kernel.set_argument(i, *static_cast<const size_t*>(arguments[i]), nullptr)
                                  : kernel.set_argument(i, all[i].size, arguments[i]);
    if (bad) return bad;
  }
  return ze_software::zeCommandListAppendLaunchKernelWithParameters(list, handle, &groups, chain, signal, wait_count,
                                                                    waits);
}

ze_result_t zeCommandListAppendMemoryCopyWithParameters(ze_command_list_handle_t list, void* target, const void* source,
                                                        size_t size, const void* chain, ze_event_handle_t signal,
                                                        uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require_no_chain(chain)) return bad;
  return ze_software::zeCommandListAppendMemoryCopy(list, target, source, size, signal, wait_count, waits);
}

ze_result_t zeCommandListAppendMemoryFillWithParameters(ze_command_list_handle_t list, void* target,
                                                        const void* pattern, size_t pattern_size, size_t size,
                                                        const void* chain, ze_event_handle_t signal,
                                                        uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require_no_chain(chain)) return bad;
  return ze_software::zeCommandListAppendMemoryFill(list, target, pattern, pattern_size, size, signal, wait_count,
                                                    waits);
}

ze_result_t zeCommandListImmediateAppendCommandListsWithParameters(ze_command_list_handle_t immediate, uint32_t count,
                                                                   ze_command_list_handle_t* lists, const void* chain,
                                                                   ze_event_handle_t signal, uint32_t wait_count,
                                                                   ze_event_handle_t* waits) {
  if (ze_result_t bad = require_no_chain(chain)) return bad;
  return ze_software::zeCommandListImmediateAppendCommandListsExp(immediate, count, lists, signal, wait_count, waits);
}

/// The function runs on whatever thread runs the list, and must not wait for work of this device.
ze_result_t zeCommandListAppendHostFunction(ze_command_list_handle_t list, newer::ze_host_function_callback_t function,
                                            void* data, const void* chain, ze_event_handle_t signal,
                                            uint32_t wait_count, ze_event_handle_t* waits) {
  if (ze_result_t bad = require({list}, {reinterpret_cast<const void*>(function)})) return bad;
  if (ze_result_t bad = require_no_chain(chain)) return bad;
  return static_cast<CommandList*>(list)->append(HostFunctionOperation{function, data}, signal, wait_count, waits);
}

ze_result_t zeCommandListAppendSignalEventWithParameters(ze_command_list_handle_t list, const void* chain,
                                                         ze_event_handle_t event) {
  if (ze_result_t bad = require_no_chain(chain)) return bad;
  return ze_software::zeCommandListAppendSignalEvent(list, event);
}

ze_result_t zeCommandListAppendWaitOnEventsWithParameters(ze_command_list_handle_t list, const void* chain,
                                                          uint32_t count, ze_event_handle_t* events) {
  if (ze_result_t bad = require_no_chain(chain)) return bad;
  return ze_software::zeCommandListAppendWaitOnEvents(list, count, events);
}

}  // namespace metate::ze_software
