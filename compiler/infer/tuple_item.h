// tuple_item – elements and slices of tuples.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// t[key]; an integer that is not constant needs elements of one type.
Value get_tuple_item(Writer& writer, Value tuple, Value key);

/// The element at a place in range that is known at run time only.
Value tuple_at(Writer& writer, Value tuple, Value index);

std::vector<Value> elements_of(Writer& writer, Value tuple);

}  // namespace metate::infer
