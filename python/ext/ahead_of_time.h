// ahead_of_time – the compiler's part of metate.compile_ahead.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

void add_ahead_of_time(nanobind::module_& module);

}  // namespace metate::ext
