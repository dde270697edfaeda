// module – the Python module metate._metate: what it exports, and nothing of how that works.
#include <nanobind/nanobind.h>

#include "python/ext/build_info.h"

NB_MODULE(_metate, module) { metate::ext::add_build_info(module); }
