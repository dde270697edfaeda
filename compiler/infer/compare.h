// compare – ==, <, is, in and the truth of a value.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

Value compare(Writer& writer, ir::PyOperator op, Value a, Value b);

/// bool(x), of type weak_bool.
Value truth(Writer& writer, Value value);
/// not x
Value negate(Writer& writer, Value truth);

}  // namespace metate::infer
