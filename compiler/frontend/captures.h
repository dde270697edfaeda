// captures.h – variables that change while an inner function that has captured their value is still in use.
#pragma once

#include <optional>
#include <vector>

#include "compiler/frontend/ssa.h"

namespace metate::frontend {

/// A py.closure and the variables whose values it holds.
struct Capture {
  ir::Inst closure;
  std::vector<uint32_t> variables;
};

/// An assignment to a captured variable, before the instruction of that position in the block.
struct CellStore {
  uint32_t variable;
  ir::Block block;
  uint32_t position;
  support::SourceRange place;
};

struct Rebinding {
  const Capture* capture;
  const CellStore* store;
};

/// Python's inner functions share variables with the outer one, ours hold values. That is the same as long as no inner
/// function is used after an assignment that came after its making: the first assignment for which this fails.
std::optional<Rebinding> find_rebinding(const ir::Function& function, const Ssa& ssa,
                                        const std::vector<Capture>& captures, const std::vector<CellStore>& stores);

}  // namespace metate::frontend
