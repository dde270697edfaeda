// element_code – the scalar code of one element of an array expression.
#pragma once

#include <unordered_map>

#include "compiler/transform/arrays/element_access.h"
#include "compiler/transform/arrays/expressions.h"

namespace metate::transform {

/// Computes elements at one point of a nest, where the builder stands; each operation once, however often it is used.
class ElementCode {
 public:
  /// `accesses` says where the elements of the leaves lie.
  ElementCode(ir::Builder& builder, const Expressions& expressions, std::unordered_map<ir::Value, Access> accesses)
      : builder_(builder), expressions_(expressions), accesses_(std::move(accesses)) {}

  /// The element of an array of the expression; a number itself.
  ir::Value operator()(ir::Value value);

  /// `op`, `op_out` or `map` of the elements of its operands, and `cast`.
  ir::Value compute(ir::Inst inst);

  const Access& access(ir::Value leaf) const { return accesses_.at(leaf); }

 private:
  ir::Builder& builder_;
  const Expressions& expressions_;
  std::unordered_map<ir::Value, Access> accesses_;
  std::unordered_map<ir::Value, ir::Value> elements_;
};

}  // namespace metate::transform
