#include "compiler/bytecode/translator.h"

#include <algorithm>

namespace metate::bytecode {
namespace {

// What a neutral form pushes beyond CPython's own stack for a moment (a copied condition, a returned constant).
constexpr size_t kExtraSlots = 4;

uint32_t count_values(std::span<const Slot> slots) {
  return static_cast<uint32_t>(std::count(slots.begin(), slots.end(), Slot::kValue));
}

}  // namespace

Translator::Translator(const CodeObject& code, const Version& version, const RawCode& raw,
                       const ExceptionTable& exceptions)
    : code_(code), version_(version), raw_(raw), exceptions_(exceptions), translated_(raw.instructions.size()) {
  const auto resume = std::find_if(raw.instructions.begin(), raw.instructions.end(),
                                   [](const RawInstruction& instruction) { return instruction.row->name == "RESUME"; });
  prologue_size_ = static_cast<uint32_t>(resume == raw.instructions.end() ? 0 : resume - raw.instructions.begin());
  find_variables();
}

base::Status Translator::run() {
  paths_.push_back({0, State{}});
  while (!paths_.empty() && !failed()) {
    Path path = std::move(paths_.back());
    paths_.pop_back();
    state_ = std::move(path.state);
    translate_from(path.start);
  }
  if (error_) return *error_;
  return base::Success{};
}

void Translator::translate_from(uint32_t index) {
  for (current_ = index; !failed(); ++current_) {
    if (current_ == raw_count()) {
      --current_;
      return fail("control runs off the end");
    }
    Translated& translated = translated_[current_];
    if (translated.reached) {
      if (translated.entry != state_) fail("two paths meet with different stacks");
      return;
    }
    translated.reached = true;
    translated.entry = state_;
    translate_one();
    if (!falls_through_) return;
  }
}

void Translator::translate_one() {
  const RawInstruction& instruction = raw_.instructions[current_];
  const OpcodeRow& row = *instruction.row;
  falls_through_ = true;
  current_handler_.reset();
  write_entry_code();
  switch (row.kind) {
    case RowKind::kDropped:
    case RowKind::kPrefix:
      return;
    case RowKind::kUnsupported:
      return emit_unsupported(row.name);
    case RowKind::kOpcode: {
      const uint32_t operand = resolve(row.operand, row.opcode);
      return emit(row.opcode, operand);
    }
    case RowKind::kIrregular: {
      const uint32_t operand = resolve(row.operand, row.opcode);
      if (!failed()) row.function(*this, operand);
      return;
    }
  }
}

// What 3.10 does without an instruction.
void Translator::write_entry_code() {
  if (version_.cells == CellModel::kImplicit && current_ == 0) {
    for (uint32_t i = 0; i < variables_.size(); ++i) {
      if (variables_[i].kind == VariableKind::kCell) emit(Opcode::kMakeCell, i);
    }
  }
  if (translated_[current_].starts_handler) {
    // The stack already has the six slots that unwinding pushed.
    translated_[current_].instructions.push_back(
        {.opcode = Opcode::kPushExceptionInfo, .range = position_of(current_)});
  }
}

void Translator::emit(Opcode opcode, uint32_t operand, uint32_t extra) {
  if (failed()) return;
  check_operands(opcode, operand, extra);
  if (failed()) return;

  Instruction instruction{.opcode = opcode, .operand = operand, .extra = extra, .range = position_of(current_)};
  if ((flags(opcode) & kMayRaise) != 0) instruction.handler = handler_of_current();
  apply_effect(stack_effect(opcode, operand, extra));
  if (failed()) return;
  if ((flags(opcode) & kJump) != 0) {
    State target = state_;
    if (opcode == Opcode::kForIter) {
      // The iterator and the item are there only while the loop goes on.
      if (slot(2) == Slot::kAbsent) return fail("no iterator stands on the top");
      target.stack.resize(target.stack.size() - 2);
    }
    jump_to(operand, std::move(target));
  }
  if ((flags(opcode) & kNoFallThrough) != 0) falls_through_ = false;
  translated_[current_].instructions.push_back(instruction);
}

void Translator::emit_unsupported(std::string_view name) {
  emit(Opcode::kUnsupported, static_cast<uint32_t>(unsupported_.size()));
  unsupported_.emplace_back(name);
}

void Translator::apply_effect(const StackEffect& effect) {
  std::vector<Slot>& stack = state_.stack;
  for (uint32_t i = 0; i < effect.pops; ++i) {
    if (stack.empty() || stack.back() == Slot::kAbsent) return fail("the stack has too few values");
    stack.pop_back();
  }
  if (effect.peeks != 0 && count_values(stack) < effect.peeks) return fail("the stack has too few values");
  if (stack.size() + effect.pushes > code_.stack_size + kExtraSlots) return fail("the stack is deeper than it may be");
  stack.insert(stack.end(), effect.pushes, Slot::kValue);
}

void Translator::jump_to(uint32_t index, State state) {
  Translated& target = translated_[index];
  if (target.fused) return fail("a jump between instructions that belong together");
  target.jump_target = true;
  if (!target.reached) {
    paths_.push_back({index, std::move(state)});
  } else if (target.entry != state) {
    fail("two paths meet with different stacks");
  }
}

void Translator::fail(const std::string& what) {
  if (error_) return;
  const RawInstruction& instruction = raw_.instructions[current_];
  error_ = damaged_code(code_, instruction.start, std::string(instruction.row->name) + ": " + what);
}

support::SourceRange Translator::position_of(uint32_t index) const {
  return code_.positions.empty() ? support::SourceRange{} : code_.positions[raw_.instructions[index].unit];
}

const RawInstruction* Translator::next(uint32_t distance) const {
  const uint64_t index = uint64_t{current_} + distance;
  return index < raw_count() ? &raw_.instructions[index] : nullptr;
}

const RawInstruction* Translator::fuse_with(std::string_view name, uint32_t distance) {
  if (distance > current_ || raw_.instructions[current_ - distance].row->name != name) return nullptr;
  for (uint32_t i = current_ - distance + 1; i <= current_; ++i) {
    if (translated_[i].jump_target) fail("a jump between instructions that belong together");
    translated_[i].fused = true;
  }
  return &raw_.instructions[current_ - distance];
}

std::vector<Instruction>& Translator::instructions_before(uint32_t distance) {
  return translated_[current_ - distance].instructions;
}

uint32_t Translator::take_constant() {
  if (fuse_with("LOAD_CONST", 1) == nullptr || instructions_before(1).empty()) {
    fail("a constant has to come before");
    return 0;
  }
  const Instruction constant = instructions_before(1).back();
  instructions_before(1).pop_back();
  if (has_slots(1)) state_.stack.pop_back();
  return constant.operand;
}

bool Translator::has_slots(uint64_t count) {
  if (state_.stack.size() < count) fail("the stack has too few values");
  return !failed();
}

uint32_t Translator::values_among(uint32_t top_slots) const {
  return count_values(std::span(state_.stack).last(top_slots));
}

void Translator::pop_absent() {
  if (!has_slots(1)) return;
  if (slot(1) != Slot::kAbsent) return fail("a value stands where none may be");
  state_.stack.pop_back();
}

void Translator::add_absent_to_callee() {
  if (!has_slots(1)) return;
  const bool below = version_.null_position == NullPosition::kBelowCallee;
  state_.stack.insert(state_.stack.end() - (below ? 1 : 0), Slot::kAbsent);
}

}  // namespace metate::bytecode
