// translator.h – follows every path of a function once and writes the neutral instructions of each CPython one.
#pragma once

#include <bit>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/bytecode/decode.h"
#include "compiler/bytecode/exception_table.h"

namespace metate::bytecode {

/// CPython's stack, slot by slot. An absent slot exists for CPython only: a NULL beside a callee, a saved
/// instruction number, two of the three slots of a 3.10 exception.
enum class Slot : uint8_t { kValue, kAbsent };

/// An entry of 3.10's block stack.
struct Block {
  enum class Kind : uint8_t { kTry, kHandler };
  Kind kind;
  uint32_t handler;  // raw instruction where the handler of the block starts
  uint32_t level;    // stack slots below the block

  bool operator==(const Block&) const = default;
};

struct State {
  std::vector<Slot> stack;
  std::vector<Block> blocks;

  bool operator==(const State&) const = default;
};

/// What became of one raw instruction.
struct Translated {
  bool reached = false;
  bool jump_target = false;
  bool fused = false;           // part of the one before it: nothing may jump here
  bool starts_handler = false;  // of a 3.10 block
  State entry;
  std::vector<Instruction> instructions;  // targets of jumps are still raw instructions
};

/// A handler while its place in the neutral code is not yet known.
struct PendingHandler {
  enum class Kind : uint8_t { kInstruction, kRestore };
  Kind kind;
  uint32_t target;  // raw instruction, or index into the restores
  uint32_t depth;

  bool operator==(const PendingHandler&) const = default;
};

/// 3.10 makes the previous exception current again while it unwinds an except block. Later versions have code for
/// that at the end of the function, as the target of every instruction of the block; 3.10 gets the same code here.
struct Restore {
  uint32_t handler;  // raw instruction that starts the except block
  uint32_t depth;    // values on the stack, without the previous exception
  uint32_t outer_handler = kNoHandler;
};

/// The state of a decode. The functions of irregular.h write through it: the first failure is kept and everything
/// after it has no effect, so they need not look.
class Translator {
 public:
  Translator(const CodeObject& code, const Version& version, const RawCode& raw, const ExceptionTable& exceptions);

  /// Translates what is reachable from the start of the function.
  base::Status run();

  /// @name For the functions of irregular.h
  /// @{
  const Version& version() const { return version_; }
  State& state() { return state_; }
  const State& entry() const { return translated_[current_].entry; }

  void emit(Opcode opcode, uint32_t operand = 0, uint32_t extra = 0);
  void emit_unsupported(std::string_view name);
  void fail(const std::string& what);
  bool failed() const { return error_.has_value(); }

  /// The instruction `distance` before the current one if it is a `name`; control then has to come from it.
  const RawInstruction* fuse_with(std::string_view name, uint32_t distance);
  /// What `fuse_with` gave: the neutral instructions that stand for it.
  std::vector<Instruction>& instructions_before(uint32_t distance);
  /// The instruction `distance` after the current one, or null at the end.
  const RawInstruction* next(uint32_t distance = 1) const;
  /// Takes back the LOAD_CONST before the current instruction and gives the index of its constant.
  uint32_t take_constant();

  /// Slots: `count` of them must be there.
  bool has_slots(uint64_t count);
  Slot slot(uint32_t depth) const { return state_.stack[state_.stack.size() - depth]; }
  uint32_t values_among(uint32_t top_slots) const;
  void push_absent() { state_.stack.push_back(Slot::kAbsent); }
  void pop_absent();
  /// Adds the slot that stands beside the callee on the top of the stack.
  void add_absent_to_callee();

  const RawInstruction& raw(uint32_t index) const { return raw_.instructions[index]; }
  uint32_t raw_count() const { return static_cast<uint32_t>(raw_.instructions.size()); }
  support::SourceRange position_of(uint32_t index) const;
  bool in_prologue() const { return current_ < prologue_size_; }
  VariableKind variable_kind(uint32_t variable) const { return variables_[variable].kind; }
  bool is_variable(uint32_t index) const { return index < variables_.size(); }
  bool is_name(uint32_t index) const { return index < code_.names.size(); }
  /// @}

  /// @name Results
  /// @{
  std::vector<Variable>& variables() { return variables_; }
  std::vector<Translated>& translated() { return translated_; }
  std::vector<PendingHandler>& handlers() { return handlers_; }
  std::vector<Restore>& restores() { return restores_; }
  std::vector<std::string>& unsupported() { return unsupported_; }
  /// @}

 private:
  void find_variables();
  void translate_from(uint32_t index);
  void translate_one();
  void write_entry_code();
  void jump_to(uint32_t index, State state);
  uint32_t resolve(const OperandRule& rule, Opcode opcode);
  uint32_t resolve_index(uint32_t index, size_t count, const char* what);
  uint32_t resolve_jump(const OperandRule& rule);
  uint32_t resolve_depth(Opcode opcode);
  void check_operands(Opcode opcode, uint32_t operand, uint32_t extra);
  void check_variable(Opcode opcode, uint32_t variable);
  void check_keywords(uint32_t argument_count, uint32_t constant);
  void apply_effect(const StackEffect& effect);

  uint32_t handler_of_current();
  uint32_t handler_from_table();
  uint32_t handler_from_blocks(const State& state, size_t block_count);
  uint32_t add_handler(PendingHandler handler);

  const CodeObject& code_;
  const Version& version_;
  const RawCode& raw_;
  const ExceptionTable& exceptions_;

  std::vector<Variable> variables_;
  std::vector<uint32_t> cells_;  // 3.10: index of a cell → variable
  uint32_t prologue_size_ = 0;   // raw instructions before RESUME

  std::vector<Translated> translated_;
  std::vector<PendingHandler> handlers_;
  std::vector<Restore> restores_;
  std::vector<std::string> unsupported_;

  struct Path {
    uint32_t start;
    State state;
  };
  std::vector<Path> paths_;  // still to follow
  uint32_t current_ = 0;
  State state_;
  bool falls_through_ = true;
  std::optional<uint32_t> current_handler_;
  std::optional<base::Error> error_;
};

}  // namespace metate::bytecode
