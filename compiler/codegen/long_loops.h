// long_loops – the loops in which code looks whether somebody wants it to end.
#pragma once

#include <vector>

#include "compiler/ir/function.h"

namespace metate::ir {
class ControlFlow;
}

namespace metate::codegen {

/// Innermost loops that count stay free of it, since LLVM would not vectorise them; loops around others, loops with
/// calls and those whose end is not known beforehand look once an iteration.
class LongLoops {
 public:
  LongLoops() = default;
  explicit LongLoops(const ir::Function& function);

  /// A jump from the end of block `from` to block `to` is such a loop's next iteration.
  bool repeats(ir::Block from, ir::Block to) const;
  /// So is the next iteration of the nest's outermost axis.
  bool repeats(ir::Inst nest) const;

 private:
  struct Edge {
    ir::Block latch, header;
  };
  void find_nests(const ir::Function& function, const ir::ControlFlow& flow);
  void find_loops(const ir::Function& function, const ir::ControlFlow& flow);

  std::vector<Edge> edges_;
  std::vector<ir::Inst> nests_;
};

}  // namespace metate::codegen
