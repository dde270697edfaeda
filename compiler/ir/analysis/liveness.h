// liveness.h – which values are needed later, at the borders of blocks, and what nests take from outside.
#pragma once

#include <span>
#include <vector>

#include "compiler/ir/analysis/control_flow.h"
#include "compiler/ir/analysis/uses.h"

namespace metate::ir {

/// Values of a block's own region; those that a nest in it captures are used where the nest stands. What a handler
/// needs is live out of every block that can raise to it. A picture of the moment, in time and space of its own size
/// (Boissinot et al. 2011: walk from each use up to the definition).
class Liveness {
 public:
  Liveness(const Function& function, const ControlFlow& flow, const Uses& uses);

  /// Needed when the block is entered, without its parameters; by rising id like all lists here.
  std::span<const Value> live_in(Block block) const { return live_in_[block.index()]; }
  /// Needed by a successor; arguments of the terminator are no part of it.
  std::span<const Value> live_out(Block block) const { return live_out_[block.index()]; }
  bool is_live_in(Value value, Block block) const { return contains(live_in_[block.index()], value); }
  bool is_live_out(Value value, Block block) const { return contains(live_out_[block.index()], value); }
  /// Values from outside that a nest's body uses, or a nest in it.
  std::span<const Value> captures(Region region) const { return captures_[region.index()]; }

 private:
  static bool contains(const std::vector<Value>& values, Value value);
  void add(const ControlFlow& flow, Value value, Block definition, Block user);

  std::vector<std::vector<Value>> live_in_, live_out_;  // by block
  std::vector<std::vector<Value>> captures_;            // by region
};

}  // namespace metate::ir
