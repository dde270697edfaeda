// program – SPIR-V that others have made, as Python objects: built for a device, its kernels launched.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

/// Adds the classes Program and ProgramKernel to the module.
void add_programs(nanobind::module_& module);

}  // namespace metate::ext
