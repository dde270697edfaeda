// c_pointer – what compiled functions do with C's pointers (types/c_pointer.h): index them, and take them of arrays.
#pragma once

#include <optional>

#include "compiler/infer/writer.h"

namespace metate::infer {

/// The address of the first element of a contiguous array.
Value address_of(Writer& writer, Value array);

/// How many elements behind the address `key` names one, where `value` is a pointer; nothing where it is none. An
/// invalid value after an error. C checks nothing and counts nothing from the end, and so it is here.
std::optional<Value> place_behind(Writer& writer, Value value, Value key);

/// The elements up to number `place`, as an array. Invalid where that is.
Value row_behind(Writer& writer, Value pointer, Value place);

}  // namespace metate::infer
