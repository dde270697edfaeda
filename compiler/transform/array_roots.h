// array_roots – which counted array storage each value of a region stands on, and where it is alive.
#pragma once

#include <vector>

#include "compiler/ir/function.h"
#include "compiler/support/bit_set.h"

namespace metate::transform {

/// Whether values of the type hold array storage (arrays, and tuples or views with arrays in them).
bool holds_arrays(const types::TypeTable& types, ir::TypeId type);

/// The roots of one region (place_retains.h) as small numbers, what every value stands on, and liveness over blocks.
/// Nests inside count as one use of everything that their bodies use.
class ArrayRoots {
 public:
  ArrayRoots(const ir::Function& function, ir::Region region);

  size_t count() const { return roots_.size(); }
  ir::Value root(size_t index) const { return roots_[index]; }
  /// The index of a value that is itself a root of this region, or -1.
  int index_of(ir::Value value) const { return index_[value]; }

  /// The roots that a value stands on.
  support::BitSet standing_on(ir::Value value) const;
  /// The roots that an instruction, its targets' arguments and its nest's body use.
  support::BitSet used_by(ir::Inst inst) const;
  const support::BitSet& live_out(ir::Block block) const { return live_out_[block]; }
  const support::BitSet& live_in(ir::Block block) const { return live_in_[block]; }

 private:
  void collect(ir::Region region);
  void add_root(ir::Value value);
  void solve(ir::Region region);

  const ir::Function& function_;
  std::vector<ir::Value> roots_;
  support::SideTable<ir::Value, int> index_{-1};
  support::SideTable<ir::Block, support::BitSet> live_in_;
  support::SideTable<ir::Block, support::BitSet> live_out_;
};

}  // namespace metate::transform
