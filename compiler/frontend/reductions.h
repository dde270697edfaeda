// reductions.h – which values that prange iterations hand on are reductions.
#pragma once

#include <optional>
#include <vector>

#include "compiler/frontend/ssa.h"

namespace metate::frontend {

struct ReductionResult {
  std::optional<ops::ScalarOp> combine;  // the operation that joins the results of parts of the iterations
  ir::Inst offender;  // else what uses the accumulator otherwise, or makes a value that takes its place; may be none
};

/// How the values in the body of one nest are used.
class Reductions {
 public:
  /// The body is what was added to the function since it had this many blocks and phis.
  Reductions(const ir::Function& function, const Ssa& ssa, uint32_t first_block, size_t first_phi);

  /// A reduction is a value to which nothing happens on its way from `accumulator` to `yielded` but one of `+ -`, `*
  /// /`,
  /// `&`, `|`, `^`, `min` and `max` with other values, on whichever path, and which is not used otherwise.
  ReductionResult examine(ir::Value accumulator, ir::Value yielded) const;

 private:
  struct Use {
    ir::Inst inst;  // or, if there is none,
    uint32_t phi;   // index into ssa.phis()
  };
  std::optional<ops::ScalarOp> update(ir::Inst inst, ir::Value accumulator) const;
  std::optional<ops::ScalarOp> call_update(std::span<const ir::Value> operands) const;
  size_t count(std::span<const ir::Value> operands, ir::Value value) const;

  const ir::Function& function_;
  const Ssa& ssa_;
  std::unordered_map<ir::Value, std::vector<Use>> uses_;
};

}  // namespace metate::frontend
