// index_arithmetic – int64 sums, products and comparisons of indices and extents, with what is trivial left out.
#pragma once

#include "compiler/infer/writer.h"

/// All operands and results are `weak_int`, of comparisons `weak_bool`. Nothing here wraps for sizes that fit memory.
namespace metate::infer::index {

Value add(Writer& writer, Value a, Value b);
Value subtract(Writer& writer, Value a, Value b);
Value multiply(Writer& writer, Value a, Value b);
/// Rounds down; `b` is not zero.
Value floor_divide(Writer& writer, Value a, Value b);
Value remainder(Writer& writer, Value a, Value b);
Value minimum(Writer& writer, Value a, Value b);
Value maximum(Writer& writer, Value a, Value b);
Value less(Writer& writer, Value a, Value b);
Value equal(Writer& writer, Value a, Value b);
Value select(Writer& writer, Value condition, Value if_true, Value if_false);

/// How many elements start, start + step … has before it passes `stop`; `step` is not zero.
Value range_count(Writer& writer, Value start, Value stop, Value step);

}  // namespace metate::infer::index
