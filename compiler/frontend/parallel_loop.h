// parallel_loop.h – what a prange loop is made of: its blocks, what it assigns, and whether anything leaves it early.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/bytecode/decode.h"
#include "compiler/frontend/control_flow.h"

namespace metate::frontend {

/// A variable that the loop's body assigns.
struct LoopVariable {
  uint32_t variable;
  support::SourceRange assigned;
  /// Some way through the body reads it before assigning it: what the iteration before left there.
  bool carried = false;
  support::SourceRange read;
  /// Each iteration assigns it, unless a loop inside of the body runs not even once: to be checked where it is read.
  bool checked = false;
};

/// Its blocks are those behind `head` up to `last`.
struct ParallelLoop {
  FlowBlockId head;
  FlowBlockId last;
  uint32_t back_edges = 0;
  std::vector<LoopVariable> variables;

  bool contains(FlowBlockId block) const { return head < block && block <= last; }
  const LoopVariable* find(uint32_t variable) const;
};

/// A statement that ends a prange loop early, or code that no Python compiler makes.
struct LoopProblem {
  bool malformed = false;
  std::string statement;  // "break" or "return", both where the code does not tell
  support::SourceRange place;
};

/// The loop whose for_iter is the block `head`, or what is wrong with it.
struct ExaminedLoop {
  ParallelLoop loop;
  std::optional<LoopProblem> problem;
};
ExaminedLoop examine_parallel_loop(const FlowGraph& graph, const bytecode::CodeObject& code,
                                   const bytecode::DecodedFunction& decoded, FlowBlockId head);

}  // namespace metate::frontend
