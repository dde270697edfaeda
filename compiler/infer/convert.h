// convert – a value as a value of another type, where Python or NumPy converts without being asked.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// To a type that `join` made of the value's own: numbers to the joined number, layouts and permissions to weaker ones,
/// structures part by part.
Value convert(Writer& writer, Value value, TypeId type);

/// A number, or an array's elements, to a dtype. A Python int that does not fit raises OverflowError, as in NumPy 2.
Value convert_to_dtype(Writer& writer, Value value, DType dtype);

/// What of int64 an integer dtype holds.
struct Limits {
  int64_t low, high;
};
Limits limits(DType dtype);

/// Whether a Python int is a value of an integer dtype.
bool fits(int64_t value, DType dtype);

/// A Python or NumPy integer or bool as an int64 `weak_int`.
Value to_weak_int(Writer& writer, Value value);

}  // namespace metate::infer
