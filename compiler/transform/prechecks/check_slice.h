// check_slice – whether the checks of a loop's iterations can be decided before the iterations run.
#pragma once

#include <vector>

#include "compiler/ir/analysis/control_flow.h"

namespace metate::transform {

/// The iterations of an innermost loop or of the innermost axis of a nest: blocks without a way around but that to the
/// next iteration.
struct Iterations {
  std::vector<ir::Block> blocks;        // in reverse postorder
  ir::Value counter;                    // rises by one from each to the next
  std::vector<ir::Value> accumulators;  // parameters that one iteration hands to the next
  ir::Block header;                     // of a loop made of blocks: where the next iteration begins
};

/// What the checks need, a slice as in Weiser 1981, "Program Slicing", and what it asks for. It is computed for many
/// iterations ahead, those behind a failing one too: so it must be defined for any operands, and what it reads must not
/// be what the iterations write.
class CheckSlice {
 public:
  CheckSlice(const ir::Function& function, const ir::ControlFlow& flow, const Iterations& iterations);

  /// There are checks, and all of them can be decided before.
  bool possible() const { return possible_ && checks_ > 0; }

  struct Pair {
    ir::Value read, written;
    bool operator==(const Pair&) const = default;
  };
  /// Arrays that have to lie apart; both are defined before the loop.
  const std::vector<Pair>& apart() const { return apart_; }

 private:
  void look_at(ir::Inst inst);
  bool looks_at_complex(ir::Value condition) const;
  void need(ir::Value value);
  void need_arguments(ir::Value parameter);
  void need_result(ir::Inst inst);
  void compare(ir::Inst load, ir::Inst store);
  bool writes_what_it_read(ir::Inst load, ir::Inst store) const;
  bool rises(ir::Value index) const;
  bool is_simple(ir::Value index, int depth = 8) const;
  bool is_simple_parameter(ir::Value parameter, int depth) const;
  ir::Value origin(ir::Value value) const;
  bool inside(ir::Value value) const;

  const ir::Function& function_;
  const ir::ControlFlow& flow_;
  const Iterations& iterations_;
  bool possible_ = true;
  size_t checks_ = 0;
  support::SideTable<ir::Block, uint8_t> inside_;
  support::SideTable<ir::Value, uint8_t> needed_;
  std::vector<ir::Value> pending_;
  std::vector<ir::Inst> loads_, stores_;  // loads of the slice, all stores
  std::vector<Pair> apart_;
};

}  // namespace metate::transform
