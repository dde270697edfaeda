// handles – owners of Level Zero objects.
#pragma once

#include <memory>

#include "runtime/base/api.h"

struct _ze_command_list_handle_t;
struct _ze_context_handle_t;
struct _ze_device_handle_t;
struct _ze_driver_handle_t;
struct _ze_event_handle_t;
struct _ze_event_pool_handle_t;
struct _ze_kernel_handle_t;
struct _ze_module_handle_t;

namespace metate::level_zero {

struct Functions;

/// Destroys an object through the table that made it. What a destructor cannot report is lost on purpose: nobody could
/// act on it.
struct METATE_API Release {
  const Functions* functions = nullptr;

  void operator()(_ze_command_list_handle_t* handle) const;
  void operator()(_ze_context_handle_t* handle) const;
  void operator()(_ze_event_handle_t* handle) const;
  void operator()(_ze_event_pool_handle_t* handle) const;
  void operator()(_ze_kernel_handle_t* handle) const;
  void operator()(_ze_module_handle_t* handle) const;
};

using CommandListHandle = std::unique_ptr<_ze_command_list_handle_t, Release>;
using ContextHandle = std::unique_ptr<_ze_context_handle_t, Release>;
using EventHandle = std::unique_ptr<_ze_event_handle_t, Release>;
using EventPoolHandle = std::unique_ptr<_ze_event_pool_handle_t, Release>;
using KernelHandle = std::unique_ptr<_ze_kernel_handle_t, Release>;
using ModuleHandle = std::unique_ptr<_ze_module_handle_t, Release>;

}  // namespace metate::level_zero
