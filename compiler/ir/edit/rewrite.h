// rewrite.h – small changes to a function that passes have in common.
#pragma once

#include <utility>
#include <vector>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/function.h"

namespace metate::ir {

/// Which value takes the place of another; chains are followed (a -> b, b -> c makes c out of a).
class ValueMap {
 public:
  void set(Value from, Value to) { map_[from] = to; }
  bool contains(Value value) const { return std::as_const(map_)[value].valid(); }
  /// What stands for the value in the end; itself if nothing does.
  Value operator()(Value value);

 private:
  support::SideTable<Value, Value> map_;
};

/// Replaces operands and arguments everywhere in the region, nests included.
void replace_uses(Function& function, Region region, ValueMap& map);
inline void replace_uses(Function& function, ValueMap& map) { replace_uses(function, function.body(), map); }

/// Takes the instructions for which `remove(Inst)` holds out of their blocks; of a nest that stays, those of its body
/// too. Their results must not be used any more.
template <class F>
void erase_if(Function& function, Region region, F&& remove) {
  for (Block block : function.region(region).blocks) {
    std::erase_if(function.block(block).insts, remove);
    for (Inst inst : function.block(block).insts)
      if (Region body = nest_body(function, inst)) erase_if(function, body, remove);
  }
}
template <class F>
void erase_if(Function& function, F&& remove) {
  erase_if(function, function.body(), remove);
}

/// Takes one instruction out of its block, in time of the block's length.
void erase(Function& function, Inst inst);

/// Moves the instructions from position `at` on to a new block with the same handler, which stands behind the old one
/// in the region. The old one is left without a terminator.
Block split_block(Function& function, Block block, size_t at);

/// Removes the blocks that no path from their region's entry reaches; says whether there were any.
bool remove_unreachable(Function& function);

}  // namespace metate::ir
