// kernel – kernels as Python objects: specialised, built for a device, launched.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

/// Adds class KernelDispatcher to the module.
void add_kernels(nanobind::module_& module);

}  // namespace metate::ext
