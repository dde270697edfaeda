// module – the Python module metate._metate: what it exports, and nothing of how that works.
#include <nanobind/nanobind.h>

#include "python/ext/ahead_of_time.h"
#include "python/ext/build_info.h"
#include "python/ext/cache.h"
#include "python/ext/device_array.h"
#include "python/ext/devices.h"
#include "python/ext/dispatcher.h"
#include "python/ext/event_object.h"
#include "python/ext/forks.h"
#include "python/ext/interrupts.h"
#include "python/ext/kernel.h"
#include "python/ext/memory.h"
#include "python/ext/numpy.h"
#include "python/ext/program.h"
#include "python/ext/queue_object.h"
#include "python/ext/row_calls.h"
#include "python/ext/row_operator.h"
#include "python/ext/study.h"
#include "python/ext/threads.h"
#include "python/ext/type_reader.h"
#include "python/ext/usm_memory.h"

NB_MODULE(_metate, module) {
  // Compiled code refers to functions and their globals until the process ends, so they are never freed.
  nanobind::set_leak_warnings(false);
  if (!metate::ext::import_numpy() || !metate::ext::add_dispatcher(module.ptr()) ||
      !metate::ext::add_type_reader(module.ptr()) || !metate::ext::prepare_interrupts())
    throw nanobind::python_error();
  metate::ext::add_ahead_of_time(module);
  metate::ext::add_build_info(module);
  metate::ext::add_cache(module);
  metate::ext::add_devices(module);
  metate::ext::add_queues(module);
  metate::ext::add_events(module);
  metate::ext::add_usm_memory(module);
  metate::ext::add_device_arrays(module);
  metate::ext::add_kernels(module);
  metate::ext::add_row_calls(module);
  metate::ext::add_row_operators(module);
  metate::ext::add_programs(module);
  metate::ext::add_memory(module);
  metate::ext::add_threads(module);
  metate::ext::add_traces(module);
  metate::ext::prepare_for_forks();
}
