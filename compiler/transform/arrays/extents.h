// extents – how long the axes of an array value are, found without asking the array where something else says it.
#pragma once

#include "compiler/ir/builder.h"

namespace metate::transform {

class Extents {
 public:
  explicit Extents(ir::Builder& builder) : builder_(builder) {}

  /// Looks through what made the array; where that ends, `dim` is emitted where the builder stands.
  ir::Value of(ir::Value array, size_t axis);
  std::vector<ir::Value> of(ir::Value array);

  /// Says what the extents of a value are that is going to be replaced. They have to dominate all its uses.
  void define(ir::Value array, std::vector<ir::Value> extents) { defined_[array] = std::move(extents); }

 private:
  ir::Value of_view(ir::Inst view, size_t axis);

  ir::Builder& builder_;
  support::SideTable<ir::Value, std::vector<ir::Value>> defined_;
};

}  // namespace metate::transform
