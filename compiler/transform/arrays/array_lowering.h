// array_lowering – the walk that turns array instructions into nests; one unit for each kind of them.
#pragma once

#include <functional>

#include "compiler/ops/reduction.h"
#include "compiler/transform/arrays/element_code.h"
#include "compiler/transform/arrays/element_views.h"
#include "compiler/transform/arrays/fold.h"
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
  /// The value of one element, written where the builder stands.
  using Element = std::function<ir::Value(ElementCode&)>;
  using TypeId = ir::TypeId;

  bool replace(ir::Inst inst) override;

  bool lower(ir::Inst inst);
  bool lower_dim(ir::Inst inst);
  void explain_nests(ir::Inst inst, size_t first);
  // expression
  void lower_expression(ir::Inst inst);
  // assignment
  void lower_assign(ir::Inst inst);
  void lower_op_out(ir::Inst inst);
  ir::Value is_undisturbed(ir::Value target, std::span<const ir::Value> read);
  bool may_make_temporary(ir::Value target, std::span<const ir::Value> read) const;
  void overwrite(ir::Value target, const Shape& shape, std::span<const ir::Value> operands, const Element& element);
  void write_by_temporary(ir::Value target, const Shape& shape, std::span<const ir::Value> read,
                          const Element& element);
  // reduction
  struct Reduced {
    ops::ReductionId function;
    bool keepdims;
    std::vector<bool> is_reduced;  // by axis
    Shape shape, result_shape;     // of the source, of the result
    ir::Value count, results;      // elements a result, and results
    bool needs_positions = false;  // what is folded depends on where an element stands
  };
  void lower_reduce(ir::Inst inst);
  Reduced reduced_axes(ir::Inst inst);
  void check_not_empty(const Reduced& reduced);
  void replace_reduction(ir::Value result, const Reduced& reduced, const Fold& fold, std::span<const ir::Value> read);
  Fold fold_elements(ir::Value source, const Reduced& reduced, ir::Value initial);
  bool positions_in_rows(ir::Value result, const Reduced& reduced, ir::Value source, std::span<const ir::Value> read);
  PositionFold position_fold(ir::Value source, const Reduced& reduced);
  Fold fold_positions(ir::Value source, Reduced& reduced, std::vector<ir::Value>& read);
  ir::Value position(const Reduced& reduced, std::span<const ir::Value> indices);
  ir::Value apply(ops::ScalarOp op, ir::Value operand);
  // fold_loops
  class FoldLoops;
  ir::Value fold_all(const Fold& fold, const Reduced& reduced, std::span<const ir::Value> read);
  void fold_into(ir::Value target, const Fold& fold, const Reduced& reduced, std::span<const ir::Value> read);
  std::optional<ir::Value> position_of_all(const PositionFold& fold, const Reduced& reduced,
                                           std::span<const ir::Value> read);
  void positions_into(ir::Value target, const PositionFold& fold, const Reduced& reduced,
                      std::span<const ir::Value> read);
  ir::Value combine(const Fold& fold, ir::Value accumulator, ir::Value element);
  types::Layout layout_of(std::span<const ir::Value> read) const;

  // What they share.
  bool is_array(ir::Value value) const { return function_.universe().types.is_array(function_.type(value)); }
  std::vector<Shape> operand_shapes(std::span<const ir::Value> operands);
  /// The arrays of a nest that computes the elements of `target` from those of `read`.
  ElementArrays element_arrays(ir::Value target, const Shape& shape, std::vector<ir::Value> read);
  /// target[…] = element for all places.
  void write_elements(ElementArrays& elements, ElementForm form, ir::Value target, const Element& element);
  /// Writes code that depends on the form: once, or, where the shapes are not known to be alike, in two versions.
  void in_versions(ElementArrays& elements, const std::function<void(ElementForm)>& write);
  ir::Value either(ir::Value condition, TypeId type, const std::function<ir::Value()>& if_true,
                   const std::function<ir::Value()>& if_false);
  void either(ir::Value condition, const std::function<void()>& if_true, const std::function<void()>& if_false);

  Expressions expressions_;
  Extents extents_;
};

}  // namespace metate::transform
