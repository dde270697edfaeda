// kernel_functions – what kernels ask about their work-item, as functions and as methods of Item and NdItem.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> kernel_functions();

}  // namespace metate::infer
