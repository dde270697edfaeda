// element_name – what people call an element of a tuple: "t[0]", or "t.x" where it has a name.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "compiler/ir/universe.h"

namespace metate::ir {

/// The names, strings, of the fields of a named tuple's class.
std::span<const types::ConstantId> field_names(types::ConstantId of_class, const Universe& universe);

/// `whole` is the name of the value that has this type. What lies in other types than tuples (a view of an array, an
/// inner function) goes by the name of the whole, and so it does where that has none.
std::string element_name(std::string_view whole, const types::Type& type, size_t place, const Universe& universe);

}  // namespace metate::ir
