// captures.h – variables that change after an inner function has captured their value.
#pragma once

#include <optional>

#include "compiler/bytecode/decode.h"
#include "compiler/frontend/control_flow.h"

namespace metate::frontend {

struct Rebinding {
  uint32_t variable;
  support::SourceRange captured;
  support::SourceRange assigned;
};

/// Inner functions capture values, not variables; that is the same as long as nothing is assigned afterwards. The
/// first assignment that may come after a capture, on whichever way.
std::optional<Rebinding> find_rebinding(const FlowGraph& graph, const bytecode::DecodedFunction& decoded);

}  // namespace metate::frontend
