// variables.h – the numbering of everything in a function that Ssa treats as a variable.
#pragma once

#include "compiler/frontend/ssa.h"

namespace metate::frontend {

/// Python's variables, then their bound bits, then three for each slot of the operand stack: a value, or the parts of
/// an iterator.
struct Variables {
  uint32_t count;  // of Python's

  Variable local(uint32_t variable) const { return variable; }
  Variable bound_bit(uint32_t variable) const { return count + variable; }
  Variable slot_value(uint32_t depth) const { return 2 * count + 3 * depth; }
  Variable slot_count(uint32_t depth) const { return slot_value(depth) + 1; }
  Variable slot_index(uint32_t depth) const { return slot_value(depth) + 2; }

  bool is_local(Variable variable) const { return variable < count; }
  bool is_bound_bit(Variable variable) const { return variable >= count && variable < 2 * count; }
  /// The Python variable that a local or a bound bit belongs to.
  uint32_t python_variable(Variable variable) const { return variable < count ? variable : variable - count; }
};

}  // namespace metate::frontend
