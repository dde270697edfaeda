// clone.h – copies regions, also from one function to another: for inlining, outlining, peeling.
#pragma once

#include <unordered_map>
#include <vector>

#include "compiler/ir/function.h"

namespace metate::ir {

/// Copies within one function or between two of the same universe. Values and blocks that were copied, or mapped by
/// `map`, are replaced in every later copy; other values stay what they are, which only makes sense in one function.
///
///   RegionCloner cloner(callee, caller);
///   Block entry = cloner.clone(callee.body(), region);      // then jump to `entry` with the call's arguments
class RegionCloner {
 public:
  /// `inlined_at`, if there is one, is the place of the call (in the target's sources) that the copies stand for.
  RegionCloner(const Function& source, Function& target, uint32_t inlined_at = 0)
      : source_(source), target_(target), inlined_at_(inlined_at) {}

  void map(Value from, Value to) { values_[from] = to; }
  Value operator()(Value value) const;
  Block operator()(Block block) const;

  /// Copies the blocks of `region`, nests included, behind those of `into`; gives the copy of the entry, which keeps
  /// its parameters. Copied blocks of `region` itself that have no handler get `handler`.
  Block clone(Region region, Region into, Block handler = {});
  /// Copies some blocks of one region behind those of `into`; edges to blocks that are not among them stay.
  void clone(std::span<const Block> blocks, Region into);
  /// Copies one instruction (with a nest's body) to the end of a block.
  Inst clone(Inst inst, Block into);

 private:
  struct Copy {
    Inst from, to;
  };

  void clone_blocks(std::span<const Block> blocks, Region into, Block handler);
  Inst clone_inst(Inst inst, Block into);
  uint32_t clone_immediate(const InstData& inst);
  uint32_t clone_source(uint32_t source);
  void connect();

  const Function& source_;
  Function& target_;
  const uint32_t inlined_at_;
  support::SideTable<Value, Value> values_;  // no chains: source and target may count their values alike
  support::SideTable<Block, Block> blocks_;
  std::unordered_map<uint32_t, uint32_t> sources_;
  std::vector<Copy> copies_;  // whose operands and targets are still those of the source
};

}  // namespace metate::ir
