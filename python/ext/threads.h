// threads – how many threads parallel functions use, and what the pool of large blocks may keep.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

void add_threads(nanobind::module_& module);

}  // namespace metate::ext
