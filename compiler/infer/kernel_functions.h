// kernel_functions – what kernels ask about their work-item, as functions and as methods of Item, NdItem and the
// groups.
#pragma once

#include "compiler/infer/calls.h"

namespace metate::infer {

std::span<const NamedFunction> kernel_functions();

/// `dimensions`, and whether a work-item is the `leader` of its group; nothing for other names and objects.
std::optional<Value> find_kernel_attribute(Writer& writer, Value object, std::string_view name);

/// The linear number of a work-item of the group or sub-group `group`, and how many it has.
Value item_number(Writer& writer, Value group);
Value item_count(Writer& writer, Value group);

/// "metate.Item": the first part of the names of an object's methods.
std::string_view kernel_class_name(types::KernelObject object);

}  // namespace metate::infer
