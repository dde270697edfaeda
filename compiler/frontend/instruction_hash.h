// instruction_hash.h – comparing instructions: two that do the same at the same place in the source are one.
#pragma once

#include "compiler/bytecode/instruction.h"
#include "compiler/support/hash.h"

namespace metate::frontend {

inline size_t hash(const bytecode::Instruction& instruction) {
  size_t seed = support::hash_combine(static_cast<size_t>(instruction.opcode), instruction.operand);
  seed = support::hash_combine(seed, instruction.extra);
  return support::hash_combine(seed, static_cast<uint64_t>(instruction.range.line));
}

inline bool same_work(const bytecode::Instruction& a, const bytecode::Instruction& b) { return a == b; }

}  // namespace metate::frontend
