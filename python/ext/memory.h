// memory – what tests ask about the storage of arrays that compiled code made.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

void add_memory(nanobind::module_& module);

}  // namespace metate::ext
