// module – the Python module metate._metate: what it exports, and nothing of how that works.
#include <nanobind/nanobind.h>

#include "python/ext/build_info.h"
#include "python/ext/dispatcher.h"
#include "python/ext/numpy.h"

NB_MODULE(_metate, module) {
  if (!metate::ext::import_numpy() || !metate::ext::add_dispatcher(module.ptr())) throw nanobind::python_error();
  metate::ext::add_build_info(module);
}
