// array_arguments – what functions of arrays are given beside arrays: shapes, axes, orders, flags.
#pragma once

#include "compiler/infer/arguments.h"

namespace metate::infer {

/// Each reports an error and gives nothing where the argument is not of its kind.

std::optional<DType> required_dtype(Writer& writer, Value value);
/// `dtype=` that may be None.
std::optional<DType> dtype_or(Writer& writer, Value value, DType otherwise);

/// An int or a tuple or list of ints, as int64 values.
std::optional<std::vector<Value>> integers_argument(Writer& writer, Value value);
/// The same as extents: negative ones raise ValueError.
std::optional<std::vector<Value>> shape_argument(Writer& writer, Value value);

/// A constant axis, counted from 0.
std::optional<uint8_t> axis_argument(Writer& writer, Value value, int ndim);
/// None (all axes), an axis or a tuple of axes, in ascending order.
std::optional<std::vector<uint8_t>> axes_argument(Writer& writer, Value value, int ndim);

std::optional<bool> flag_argument(Writer& writer, std::string_view name, Value value);

/// The text of a constant string; empty for anything else.
std::string_view string_argument(Writer& writer, Value value);

/// C or Fortran for order=…; 'K' and 'A' ask for that of `like`.
std::optional<types::Layout> order_argument(Writer& writer, Value value, types::Layout like);

/// A tuple or a list display.
bool is_sequence(Writer& writer, Value value);

}  // namespace metate::infer
