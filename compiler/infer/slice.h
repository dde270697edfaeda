// slice – slice objects, and what they mean for an axis of a given extent.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

Value make_slice(Writer& writer, Value start, Value stop, Value step);

/// A slice applied: `count` elements from `start` on, `step` apart. As PySlice_AdjustIndices of CPython computes them.
struct SliceRange {
  Value start, count, step;
};
/// A step of zero raises ValueError.
SliceRange apply_slice(Writer& writer, Value slice, Value extent);

}  // namespace metate::infer
