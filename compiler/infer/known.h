// known – what inference knows of one value: its type, and the constant or the constant parts that it is.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// Grows monotonically at block parameters: nothing, a constant of a type, the type, a wider type, conflict.
struct Known {
  TypeId type;            // invalid: nothing known yet
  ConstantId constant;    // a tuple's or view's parts as a tuple constant, with invalid ids for parts that vary
  bool conflict = false;  // paths bring types that have no join

  bool known() const { return type.valid() && !conflict; }
  bool operator==(const Known&) const = default;
};

/// Reads back what the instructions that were written say of `value`.
Known known_of(Writer& writer, Value value);

/// Nothing of it varies.
bool is_whole(const Known& known, const ir::Universe& universe);

/// What holds of a value that is one or the other.
Known join(const Known& a, const Known& b, ir::Universe& universe);

/// A value of which the writer sees all that is known; `opaque` stands for the rest.
Value materialise(Writer& writer, const Known& known, Value opaque);

}  // namespace metate::infer
