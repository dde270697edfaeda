// irregular_blocks.cpp – 3.10's blocks and exceptions of three slots, as later versions have them.
#include "compiler/bytecode/irregular.h"

namespace metate::bytecode::irregular {
namespace {

// CPython's own limit (CO_MAXBLOCKS).
constexpr size_t kMaxBlocks = 20;

void push_block(Translator& t, uint32_t handler, size_t level) {
  std::vector<Block>& blocks = t.state().blocks;
  if (blocks.size() >= kMaxBlocks) return t.fail("too many nested blocks");
  blocks.push_back({Block::Kind::kTry, handler, static_cast<uint32_t>(level)});
}

bool top_block_is(Translator& t, Block::Kind kind) {
  if (!t.state().blocks.empty() && t.state().blocks.back().kind == kind) return true;
  t.fail("no block that it could end");
  return false;
}

}  // namespace

void setup_finally(Translator& t, uint32_t handler) { push_block(t, handler, t.state().stack.size()); }

// The handler keeps the exit function, which before_with leaves below the result of entering.
void setup_with(Translator& t, uint32_t handler) {
  t.emit(Opcode::kBeforeWith);
  if (!t.failed()) push_block(t, handler, t.state().stack.size() - 1);
}

void pop_block(Translator& t, uint32_t) {
  if (top_block_is(t, Block::Kind::kTry)) t.state().blocks.pop_back();
}

void pop_except_triple(Translator& t, uint32_t) {
  if (!top_block_is(t, Block::Kind::kHandler)) return;
  t.pop_absent();
  t.emit(Opcode::kPopException);
  t.pop_absent();
  t.state().blocks.pop_back();
}

void reraise_triple(Translator& t, uint32_t keeps_line) {
  t.pop_absent();
  t.emit(Opcode::kReraise, keeps_line);
}

// Pops a copy of the type of the exception and what it is compared with.
void jump_if_not_exc_match(Translator& t, uint32_t target) {
  if (!t.has_slots(2)) return;
  if (t.slot(1) == Slot::kAbsent || t.slot(2) == Slot::kValue) return t.fail("no copied type to compare with");
  t.emit(Opcode::kCheckExceptionMatch);
  if (t.failed()) return;
  t.state().stack.erase(t.state().stack.end() - 2);
  t.emit(Opcode::kJumpIfFalse, target);
}

}  // namespace metate::bytecode::irregular
