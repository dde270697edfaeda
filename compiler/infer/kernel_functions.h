// kernel_functions – what kernels ask about their work-item, as functions and as methods of Item, NdItem and Group.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> kernel_functions();

/// "metate.Item": the first part of the names of an object's methods.
std::string_view kernel_class_name(types::KernelObject object);

}  // namespace metate::infer
