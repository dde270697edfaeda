// row_operator – the functions of rows as methods of a class that CPython's operators call without a frame of Python.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

/// Adds class RowOperator to the module.
void add_row_operators(nanobind::module_& module);

}  // namespace metate::ext
