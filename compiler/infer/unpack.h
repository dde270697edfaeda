// unpack – a, b = sequence, and a, *b = sequence.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// The elements of a sequence that must have `count` of them, as a tuple.
Value unpack(Writer& writer, Value sequence, size_t count);
/// The same for a target with a star at `place`, whose element is a list of what the others leave. The length of the
/// sequence has to be known.
Value unpack_starred(Writer& writer, Value sequence, size_t count, size_t place);

}  // namespace metate::infer
