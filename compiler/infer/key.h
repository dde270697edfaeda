// key – what stands in the brackets of x[…] for an array: one entry an axis or new axis.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

struct KeyItem {
  enum class Kind : uint8_t { kInteger, kSlice, kFull, kNewAxis };
  Kind kind;
  Value value;  // the integer or slice

  bool uses_axis() const { return kind != Kind::kNewAxis; }
};
using Key = std::vector<KeyItem>;

/// Reads integers, slices, None and one Ellipsis, alone or in a tuple; axes left out are full ones.
std::optional<Key> parse_key(Writer& writer, Value array, Value key);

/// All axes are given by integers: the key names one element.
bool selects_element(const Key& key);

/// Whether an integer index can count from the end.
bool can_be_negative(Writer& writer, Value index);
/// An integer index, from the start of what has this extent; not checked.
Value wrapped_index(Writer& writer, Value index, Value extent);
/// An integer index, wrapped and checked against the extent of its axis.
Value checked_index(Writer& writer, Value array, size_t axis, Value index);
/// The indices of an element. Requires `selects_element`.
std::vector<Value> element_indices(Writer& writer, Value array, const Key& key);

}  // namespace metate::infer
