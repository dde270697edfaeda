// position_row – where in a row of elements the first extreme one is: argmin and argmax.
#pragma once

#include <functional>

#include "compiler/ops/scalar_op.h"
#include "compiler/transform/arrays/nest_writer.h"

namespace metate::transform {

/// What decides: the row that says whether an element comes before another, the one that gives the extreme of two
/// elements, and the extreme of none.
struct Extreme {
  ops::ScalarOp before, combine;
  ir::Value neutral;  // of the elements' type
};

/// Writes code that finds the place of the first of `count` elements that none comes before, as a weak_int: the row is
/// cut into blocks by its length alone; each gives its extreme, the first of the best blocks is searched. So elements
/// are computed once, in vectors, but for one block. `element` writes the element at an index.
ir::Value first_extreme(ir::Builder& builder, const Extreme& extreme, ir::Value count,
                        const std::function<ir::Value(ir::Value index)>& element);

}  // namespace metate::transform
