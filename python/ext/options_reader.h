// options_reader – a decorator's keyword arguments as the driver's options.
#pragma once

#include "compiler/ir/function.h"
#include "python/ext/ref.h"

namespace metate::ext {

/// False with TypeError or ValueError set for an option that is unknown or has a senseless value.
bool read_options(PyObject* dict, bool kernel, ir::FunctionOptions& options);

}  // namespace metate::ext
