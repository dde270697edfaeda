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

/// 3.13 gives two loads or stores that it has put together one place, so for these the line decides.
inline bool same_work(const bytecode::Instruction& a, const bytecode::Instruction& b) {
  bool moves = a.opcode == bytecode::Opcode::kLoadFast || a.opcode == bytecode::Opcode::kStoreFast;
  if (!moves) return a == b;
  return a.opcode == b.opcode && a.operand == b.operand && a.range.line == b.range.line && a.handler == b.handler;
}

}  // namespace metate::frontend
