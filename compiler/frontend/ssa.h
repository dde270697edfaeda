// ssa.h – variables become values while blocks are filled (Braun et al. 2013, "Simple and Efficient Construction of
// Static Single Assignment Form").
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "compiler/ir/function.h"

namespace metate::frontend {

/// Local variables, their bound bits and the slots of the operand stack are all numbered variables here.
using Variable = uint32_t;

/// Adds block parameters where ways join and takes away those that always get one value. Nothing here recurses, so
/// functions may be as long as they like.
///
/// The arguments of jumps are kept here until the function is finished: terminators are emitted without them.
class Ssa {
 public:
  /// `name_of` gives a parameter the name of the variable it stands for.
  Ssa(ir::Function& function, std::function<ir::Symbol(Variable)> name_of)
      : function_(function), name_of_(std::move(name_of)) {}

  struct Edge {
    ir::Block from;
    uint32_t target;  // which of the targets of its terminator
  };
  struct Phi {
    ir::Value value;  // the parameter
    Variable variable;
    ir::Block block;
    std::vector<ir::Value> arguments;  // one for each edge into the block
    std::vector<uint32_t> users;       // phis that have it as an argument
    bool removed = false;
  };
  /// What a variable is at the entry of a nest's body; an invalid value: what it is at the nest.
  using AtEntry = std::function<ir::Value(Variable)>;

  void write(Variable variable, ir::Block block, ir::Value value) { definitions_[key(variable, block)] = value; }
  /// Its value at the end of what is in the block so far.
  ir::Value read(Variable variable, ir::Block block);

  void add_edge(ir::Block from, uint32_t target, ir::Block to);
  /// Says that all edges into the block are known.
  void seal(ir::Block block);
  /// Makes `entry` the entry of a nest whose instruction stands in `outer`.
  void open_region(ir::Block entry, ir::Block outer, AtEntry at_entry);

  /// The value that stands for this one since parameters were removed.
  ir::Value resolve(ir::Value value) const;
  /// From now on another value stands for this one.
  void replace(ir::Value value, ir::Value by) { forward_[value] = by; }

  const std::vector<Edge>& edges(ir::Block block) const { return blocks_[block].edges; }
  const std::vector<Phi>& phis() const { return phis_; }
  /// The phi of a parameter, or null.
  const Phi* phi(ir::Value value) const;

 private:
  struct BlockState {
    std::vector<Edge> edges;
    std::vector<uint32_t> incomplete;  // phis that wait for the block to be sealed
    ir::Block outer;
    AtEntry at_entry;
    bool sealed = false;
  };
  static constexpr uint32_t kNoPhi = UINT32_MAX;

  static uint64_t key(Variable variable, ir::Block block) { return uint64_t{variable} << 32 | block.index(); }
  ir::Value look_up(Variable variable, ir::Block block);
  uint32_t add_phi(Variable variable, ir::Block block);
  void complete_phis();
  void remove_if_trivial(uint32_t phi);
  void add_user(ir::Value argument, uint32_t user);

  ir::Function& function_;
  std::function<ir::Symbol(Variable)> name_of_;
  std::unordered_map<uint64_t, ir::Value> definitions_;
  support::SideTable<ir::Block, BlockState> blocks_;
  support::SideTable<ir::Value, uint32_t> phi_of_{kNoPhi};
  mutable support::SideTable<ir::Value, ir::Value> forward_;
  std::vector<Phi> phis_;
  std::vector<uint32_t> pending_;  // phis without arguments
};

}  // namespace metate::frontend
