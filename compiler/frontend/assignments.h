// assignments.h – which variables certainly, maybe or never have a value where they are read.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/bytecode/decode.h"
#include "compiler/frontend/control_flow.h"

namespace metate::frontend {

enum class Bound : uint8_t { kAlways, kMaybe, kNever };

/// What an instruction does to its variable.
enum class VariableUse : uint8_t { kNone, kRead, kWrite, kDelete, kCapture };
VariableUse variable_use(bytecode::Opcode opcode);

struct Assignments {
  /// For each instruction of each block, where it uses a variable's value or deletes it. Blocks may share instructions,
  /// but not what is known there.
  std::vector<Bound> at;
  Bound of(const FlowBlock& block, uint32_t instruction) const {
    return at[block.first_use + instruction - block.begin];
  }

  std::vector<bool> tracked;  // by variable: read somewhere where it is kMaybe, so that a bound bit is needed
};

/// `arguments` are bound at the start, and so are free variables. A read of what is never bound ends its way: the
/// graph is cut there and renumbered.
Assignments find_assignments(FlowGraph& graph, const bytecode::DecodedFunction& decoded, uint32_t arguments);

}  // namespace metate::frontend
