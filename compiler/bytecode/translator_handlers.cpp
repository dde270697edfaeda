// translator_handlers.cpp – where an exception of the current instruction goes, by table or by 3.10's block stack.
#include <algorithm>

#include "compiler/bytecode/translator.h"

namespace metate::bytecode {
namespace {

uint32_t values_below(const State& state, uint32_t level) {
  return static_cast<uint32_t>(std::count(state.stack.begin(), state.stack.begin() + level, Slot::kValue));
}

}  // namespace

uint32_t Translator::handler_of_current() {
  if (!current_handler_) {
    current_handler_ = version_.handlers == HandlerModel::kTable ? handler_from_table()
                                                                 : handler_from_blocks(entry(), entry().blocks.size());
  }
  return *current_handler_;
}

uint32_t Translator::handler_from_table() {
  const uint32_t index = exceptions_.by_instruction[current_];
  if (index == ExceptionTable::kNoEntry) return kNoHandler;
  const ExceptionTableEntry& table_entry = exceptions_.entries[index];
  if (table_entry.depth > entry().stack.size()) {
    fail("the exception table keeps more of the stack than there is");
    return kNoHandler;
  }
  State state;
  state.stack.assign(entry().stack.begin(), entry().stack.begin() + table_entry.depth);
  if (table_entry.push_lasti) state.stack.push_back(Slot::kAbsent);
  state.stack.push_back(Slot::kValue);
  const uint32_t depth = values_below(entry(), table_entry.depth);
  jump_to(table_entry.target, std::move(state));
  return add_handler({PendingHandler::Kind::kInstruction, table_entry.target, depth});
}

// CPython 3.10's Python/ceval.c, exception_unwind: a try block is left for its handler, with the old and the new
// exception pushed as (traceback, value, type) each; a handler block restores the old one and unwinding goes on.
uint32_t Translator::handler_from_blocks(const State& state, size_t block_count) {
  if (block_count == 0) return kNoHandler;
  const Block& block = state.blocks[block_count - 1];
  if (block.level > state.stack.size()) {
    fail("a block is deeper than the stack");
    return kNoHandler;
  }
  const uint32_t depth = values_below(state, block.level);
  if (block.kind == Block::Kind::kTry) {
    State target;
    target.stack.assign(state.stack.begin(), state.stack.begin() + block.level);
    for (int i = 0; i < 2; ++i) target.stack.insert(target.stack.end(), {Slot::kAbsent, Slot::kValue, Slot::kAbsent});
    target.blocks.assign(state.blocks.begin(), state.blocks.begin() + static_cast<ptrdiff_t>(block_count) - 1);
    target.blocks.push_back({Block::Kind::kHandler, block.handler, block.level});
    translated_[block.handler].starts_handler = true;
    jump_to(block.handler, std::move(target));
    return add_handler({PendingHandler::Kind::kInstruction, block.handler, depth});
  }
  const auto known = std::find_if(restores_.begin(), restores_.end(),
                                  [&](const Restore& restore) { return restore.handler == block.handler; });
  auto index = static_cast<uint32_t>(known - restores_.begin());
  if (known == restores_.end()) {
    const uint32_t outer = handler_from_blocks(state, block_count - 1);  // may add restores of its own
    index = static_cast<uint32_t>(restores_.size());
    restores_.push_back({block.handler, depth, outer});
  }
  return add_handler({PendingHandler::Kind::kRestore, index, depth + 1});
}

uint32_t Translator::add_handler(PendingHandler handler) {
  const auto found = std::find(handlers_.begin(), handlers_.end(), handler);
  const auto index = static_cast<uint32_t>(found - handlers_.begin());
  if (found == handlers_.end()) handlers_.push_back(handler);
  return index;
}

}  // namespace metate::bytecode
