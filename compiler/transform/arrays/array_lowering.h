// array_lowering – the walk that turns array instructions into nests; one unit for each kind of them.
#pragma once

#include <functional>

#include "compiler/transform/arrays/element_code.h"
#include "compiler/transform/arrays/element_views.h"
#include "compiler/transform/arrays/nest_writer.h"
#include "compiler/transform/block_rewriter.h"

namespace metate::transform {

/// Shapes are checked, and results allocated, where the array instructions stand; what is fused (expressions.h) is
/// computed in the nest of its consumer.
class ArrayLowering : public BlockRewriter {
 public:
  explicit ArrayLowering(ir::Function& function)
      : BlockRewriter(function), expressions_(function), extents_(builder_) {}

 private:
  bool replace(ir::Inst inst) override;

  bool lower_dim(ir::Inst inst);
  // expression
  void lower_expression(ir::Inst inst);
  Shape expression_shape(ir::Inst inst);

  /// Writes code that depends on the form: once, or, where `aligned` is not known, in two versions.
  void in_versions(ir::Value aligned, ElementForm aligned_form, const std::function<void(ElementForm)>& write);
  /// target[…] = element(…) for all elements of an array whose shape the operands of `inst` broadcast to.
  void fill(ir::Value target, const Shape& shape, std::span<const ir::Value> operands,
            const std::function<ir::Value(ElementCode&)>& element);

  Expressions expressions_;
  Extents extents_;
};

}  // namespace metate::transform
