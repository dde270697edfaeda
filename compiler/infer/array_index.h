// array_index – indexing by arrays: masks and arrays of integers, alone or among integers, slices and new axes.
#pragma once

#include "compiler/infer/arguments.h"
#include "compiler/infer/writer.h"

namespace metate::infer {

/// Whether a key of an array holds an array or a list display.
bool indexes_by_arrays(Writer& writer, Value key);

/// x[key], a new array.
Value get_by_arrays(Writer& writer, Value array, Value key);
/// x[key] = value. Where a place is named twice, the last one in C order stays.
void set_by_arrays(Writer& writer, Value array, Value key, Value value);

Value take(Writer& writer, const BoundArguments& arguments);
Value extract(Writer& writer, const BoundArguments& arguments);

}  // namespace metate::infer
