// kernel_functions – what kernels ask about their work-item, as functions and as methods of Item, NdItem and Group.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> kernel_functions();

/// `dimensions`, and whether a work-item is the `leader` of its group; nothing for other names and objects.
std::optional<Value> find_kernel_attribute(Writer& writer, Value object, std::string_view name);

/// "metate.Item": the first part of the names of an object's methods.
std::string_view kernel_class_name(types::KernelObject object);

}  // namespace metate::infer
