// shared_tails.h – where the end of a block may be a copy of another one's.
#pragma once

#include <vector>

#include "compiler/bytecode/instruction.h"

namespace metate::frontend {

/// CPython's compilers copy the condition of a `while` to the end of the loop, and short code that returns or raises to
/// the places that jump to it, each version in other cases. `leaders` says where blocks start; it is extended so that
/// such copies are blocks of their own, which `merge_blocks` then makes one. A block too many does no harm.
///
/// Pieces start between statements only: in 3.10, which has no columns, the ends of two expressions in one line may
/// look alike and take values of different types from the stack.
void mark_shared_tails(const std::vector<bytecode::Instruction>& instructions,
                       const std::vector<bool>& between_statements, std::vector<bool>& leaders);

}  // namespace metate::frontend
