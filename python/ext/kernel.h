// kernel – kernels as Python objects: specialised, built for a device, launched.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>

#include "python/ext/kernel_arguments.h"
#include "python/ext/queue_ref.h"

namespace metate::ext {

/// Launches a kernel over `items` work-items in one dimension, in groups of one where that is said, and waits to the
/// end; a `brief` one without giving the GIL away. The caller keeps the memory of the arguments. Throws a Python
/// exception.
void launch_row(nanobind::handle dispatcher, const QueueRef& queue, int64_t items, bool in_groups_of_one,
                KernelArguments& arguments, bool brief);

/// Adds class KernelDispatcher to the module.
void add_kernels(nanobind::module_& module);

}  // namespace metate::ext
