// expressions – which array operations are computed inside of the nest of another, element by element.
#pragma once

#include "compiler/ir/analysis/uses.h"
#include "compiler/ir/function.h"
#include "compiler/transform/arrays/fusion_obstacle.h"

namespace metate::transform {

/// `op` and `cast` of arrays, `assign`, `op_out` and `reduce` consume arrays element by element. An `op` or `cast`
/// whose result only one of them takes, through others of the kind, needs no memory: it is *fused*. Instructions that
/// are not fused, and what is fused with them, become one nest each.
///
/// Elements are read where the nest stands, so nothing in between may write the memory that they are read from. Shapes
/// are checked where the instruction stands. A picture of the moment.
class Expressions {
 public:
  explicit Expressions(const ir::Function& function);

  bool fused(ir::Inst inst) const { return static_cast<bool>(home_[inst]); }
  /// The result of a fused instruction.
  bool fused(ir::Value value) const;
  /// Of one that is not: what keeps a loop that needs its elements from computing them.
  FusionObstacle obstacle(ir::Inst inst) const { return obstacle_[inst]; }
  /// The arrays in memory that the elements of `values` are computed from, each once.
  std::vector<ir::Value> leaves(std::span<const ir::Value> values) const;

 private:
  struct Write {
    size_t position;
    ir::Value storage;  // invalid: anything
    ir::Inst inst;
  };

  void visit(ir::Block block);
  void collect_writes(ir::Inst inst, size_t position);
  void decide(ir::Inst inst, const ir::Uses& uses);
  FusionObstacle obstacle_of_use(ir::Inst inst, const ir::Use& use) const;
  ir::Inst effect_between(ir::Inst inst, ir::Inst home) const;
  FusionObstacle obstacle_on_the_way(ir::Inst inst, ir::Inst home) const;
  FusionObstacle write_on_the_way(ir::Inst inst, ir::Inst home) const;
  FusionObstacle obstacle_of_results(ir::Inst reduction, const ir::Uses& uses) const;

  const ir::Function& function_;
  support::SideTable<ir::Inst, ir::Inst> home_;  // of fused ones: whose nest they are part of; themselves if nobody's
  support::SideTable<ir::Inst, FusionObstacle> obstacle_;
  // Of the block at hand:
  support::SideTable<ir::Inst, size_t> position_;
  std::vector<Write> writes_;
};

/// The array operands of such an instruction that are read element by element.
std::span<const ir::Value> element_operands(const ir::Function& function, ir::Inst inst);
/// `op` or `cast` with an array as result.
bool is_array_expression(const ir::Function& function, ir::Inst inst);
/// Those, assignments to arrays and reductions: what becomes loops.
bool consumes_elements(const ir::Function& function, ir::Inst inst);

}  // namespace metate::transform
