// group_functions – what the work-items of a group or sub-group compute together: SYCL's and OpenCL's functions for it.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> group_functions();

/// Whether the code is a kernel's; where not, the error names the function.
bool in_kernel(Writer& writer, std::string_view function);

/// Whether an argument is a sub-group or a work-group; nothing, and an error, where it is neither.
std::optional<bool> is_sub_group_argument(Writer& writer, std::string_view function, std::string_view parameter,
                                          Value value);

}  // namespace metate::infer
