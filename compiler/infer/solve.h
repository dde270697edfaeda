// solve – the types of all values: a fixed point over a worklist, sparse and conditional.
#pragma once

#include <span>
#include <vector>

#include "compiler/infer/callee_provider.h"
#include "compiler/infer/known.h"

namespace metate::infer {

using Flag = uint8_t;  // a bool with an address

struct Solution {
  support::SideTable<ir::Value, Known> values;
  support::SideTable<ir::Block, Flag> reachable;
  /// Values that something other than an edge to an unneeded parameter uses. Other parameters need no type.
  support::SideTable<ir::Value, Flag> needed;
  /// A check_bound that always fails: what follows it in its block is not reached.
  support::SideTable<ir::Block, ir::Inst> always_unbound;
  std::vector<ir::Block> order;  // definitions before uses
  Known result;
  bool waits_for_callee = false;

  /// The side that a branch takes always: 0 or 1, or nothing.
  std::optional<size_t> decided(const ir::Function& untyped, ir::Inst branch, const ir::Universe& universe) const;
};

/// In the manner of sparse conditional constant propagation (Wegman and Zadeck 1991) with types in place of constants:
/// only blocks that can be reached with the types at hand are looked at, so a branch on `isinstance` or on `x is None`
/// keeps its dead side from being typed. Errors are left to `emit`, which meets them again with the final types.
Solution solve(const ir::Function& untyped, std::span<const TypeId> arguments, CalleeProvider& callees,
               const ir::FunctionOptions& options);

}  // namespace metate::infer
