// row_calls – functions of elements of device arrays whose elements lie in a row: the shortest way to their kernels.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

/// Adds class RowCalls to the module.
void add_row_calls(nanobind::module_& module);

}  // namespace metate::ext
