// fold – many elements become one: what a reduction computes, apart from the loops that do it.
#pragma once

#include <functional>

#include "compiler/transform/arrays/element_code.h"
#include "compiler/transform/arrays/position_row.h"

namespace metate::transform {

struct Fold {
  ops::ScalarOp combine;
  ir::Value initial;  // of the accumulator's type
  /// An element at a place of the domain, of the accumulator's type.
  std::function<ir::Value(ElementCode& code, std::span<const ir::Value> indices)> element;
  /// The result out of the final accumulator.
  std::function<ir::Value(ir::Value accumulator)> finish;
  bool has_finish = false;  // it does more than to convert to the result's dtype
};

/// What `argmin` and `argmax` compute: where the first extreme element is.
struct PositionFold {
  Extreme extreme;
  /// An element, of the type of `extreme`.
  std::function<ir::Value(ElementCode& code)> element;
};

}  // namespace metate::transform
