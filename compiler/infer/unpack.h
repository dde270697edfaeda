// unpack – a, b = sequence.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// The elements of a sequence that must have `count` of them, as a tuple.
Value unpack(Writer& writer, Value sequence, size_t count);

}  // namespace metate::infer
