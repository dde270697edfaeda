// attributes – x.name of arrays, numbers and kernel objects.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// A method is given as a value: the closure of its function over `object`.
Value get_attribute(Writer& writer, Value object, support::Symbol name);

/// The function that a method call runs, called with `object` before the other arguments.
Value bound_method(Writer& writer, std::string_view function, Value object);

/// The number of elements.
Value array_size(Writer& writer, Value array);
Value shape_tuple(Writer& writer, Value array);

}  // namespace metate::infer
