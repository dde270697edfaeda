// memory – the storage of arrays that compiled code made: what is kept for later, and what tests ask.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

void add_memory(nanobind::module_& module);

}  // namespace metate::ext
