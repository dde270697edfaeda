// kernel_memory – arrays of a kernel's own: in local memory, one a work-group, and in private memory, one a work-item.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> kernel_memory_functions();

}  // namespace metate::infer
