#include "runtime/level_zero/handles.h"

#include "runtime/level_zero/functions.h"

namespace metate::level_zero {

void Release::operator()(_ze_command_list_handle_t* handle) const { (void)functions->zeCommandListDestroy(handle); }
void Release::operator()(_ze_context_handle_t* handle) const { (void)functions->zeContextDestroy(handle); }
void Release::operator()(_ze_event_handle_t* handle) const { (void)functions->zeEventDestroy(handle); }
void Release::operator()(_ze_event_pool_handle_t* handle) const { (void)functions->zeEventPoolDestroy(handle); }
void Release::operator()(_ze_kernel_handle_t* handle) const { (void)functions->zeKernelDestroy(handle); }
void Release::operator()(_ze_module_handle_t* handle) const { (void)functions->zeModuleDestroy(handle); }

}  // namespace metate::level_zero
