// queue_object – class Queue of Python: copies, fills, hints and barriers.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

/// Adds class Queue to the module.
void add_queues(nanobind::module_& module);

}  // namespace metate::ext
