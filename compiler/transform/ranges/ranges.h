// ranges – what holds of integers at a place: from definitions, loop counters, and the conditions that were passed.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>

#include "compiler/ir/analysis/dominators.h"
#include "compiler/ir/analysis/loops.h"
#include "compiler/transform/ranges/linear.h"

namespace metate::transform {

/// Answers questions of one kind: is a linear form of int64 values never negative at a block? Each question replaces
/// values by bounds of theirs until a constant is left (a demand-driven proof as in Bodík, Gupta, Sarkar 2000, "ABCD",
/// with linear forms in the place of differences), in a number of steps that is bounded, so that the answer "no" may
/// also mean "not found". A picture of the moment; the function may get new instructions, but no other control flow.
class Ranges {
 public:
  explicit Ranges(const ir::Function& function);

  /// The form of an int64 value, with arithmetic looked through where it cannot wrap.
  const Linear& form(ir::Value value);
  /// The form of an array's extent, where some `dim` or what made the array names it.
  std::optional<Linear> extent(ir::Value array, uint32_t axis);
  /// `form >= 0` whenever control is in `block`.
  bool is_never_negative(const Linear& form, ir::Block block);

  /// Whether a value may stand in the condition that is looked for.
  using Allowed = std::function<bool(ir::Value)>;
  /// A form of allowed values that makes `form >= 0` true in `block` if it is not negative itself.
  std::optional<Linear> condition_for(const Linear& form, ir::Block block, const Allowed& allowed);

  const ir::ControlFlow& flow() const { return flow_; }
  const ir::Dominators& dominators() const { return dominators_; }
  const ir::Loops& loops() const { return loops_; }

 private:
  struct Fact {  // form >= 0 in the blocks that `block` dominates
    ir::Block block;
    Linear form;
  };
  enum class State : uint8_t { kNew, kBusy, kDone };

  void collect_facts();
  void add_branch_facts(ir::Block block);
  void add_nest_facts(ir::Inst nest);
  void add_condition(ir::Value condition, bool holds, ir::Block block);
  void add_fact(Linear form, ir::Block block);
  Linear without_impossible_sides(Linear form, ir::Block block);

  Linear make_form(ir::Value value);
  Linear form_of_inst(ir::Inst inst);
  Linear form_of_op(ir::Inst inst);
  Linear form_of_dim(ir::Inst inst);
  bool fits(const Linear& form, ir::Block block);
  ir::Block block_of(ir::Value value) const;
  bool holds(ir::Block fact, ir::Block block) const;

  struct Counter {
    Linear initial;
    bool rises;
  };
  const std::optional<Counter>& counter(ir::Value value);
  std::optional<Counter> find_counter(ir::Value value);

  // search.cpp
  struct Search;

  const ir::Function& function_;
  ir::ControlFlow flow_;
  ir::Dominators dominators_;
  ir::Loops loops_;
  std::vector<Fact> facts_;
  std::unordered_map<ir::Value, std::vector<uint32_t>> facts_of_;
  std::unordered_map<ir::Value, Linear> forms_;
  support::SideTable<ir::Value, State> form_states_;
  std::unordered_map<ir::Value, std::optional<Counter>> counters_;
  std::unordered_map<uint64_t, ir::Value> dims_;  // (array, axis) → the first dim
};

}  // namespace metate::transform
