// view – parts of an array that share its memory, and the layout that their type may promise.
#pragma once

#include "compiler/infer/key.h"

namespace metate::infer {

/// x[key] where the key leaves at least one axis, or makes one.
Value make_view(Writer& writer, Value array, const Key& key);

/// x[index] where the index is known to be in range: an element of a 1-d array, else a view.
Value first_axis_at(Writer& writer, Value array, Value index);

/// x[:, …, start:start+count, …, :] with the run on `axis`, known to be in range.
Value run_of_axis(Writer& writer, Value array, size_t axis, Value start, Value count);

/// The array with extents that it is known to fit; read-only.
Value broadcast_known(Writer& writer, Value array, std::span<const Value> extents);

/// np.transpose: axis i of the result is axis permutation[i] of the array.
Value transpose(Writer& writer, Value array, std::span<const uint8_t> permutation);

}  // namespace metate::infer
