// cache – the cache of compiled code on disk, for those who ask what is in it.
#pragma once

#include <nanobind/nanobind.h>

namespace metate::ext {

void add_cache(nanobind::module_& module);

}  // namespace metate::ext
