#include "compiler/bytecode/irregular.h"

#include <algorithm>

namespace metate::bytecode::irregular {
namespace {

// Numbers of Include/internal/pycore_intrinsics.h, the same in 3.12 and 3.13.
constexpr uint32_t kIntrinsicStopIterationError = 3;
constexpr uint32_t kIntrinsicUnaryPositive = 5;
constexpr uint32_t kIntrinsicListToTuple = 6;

constexpr uint32_t operand_of(UnaryOperator op) { return static_cast<uint32_t>(op); }

// 3.13 tests conditions with a jump that wants a bool; the neutral jumps and `not` take any value.
bool next_tests_truth(const Translator& t) {
  const RawInstruction* next = t.next();
  return next != nullptr && (next->row->opcode == Opcode::kJumpIfFalse || next->row->opcode == Opcode::kJumpIfTrue ||
                             next->row->name == "UNARY_NOT");
}

uint32_t checked_variable(Translator& t, uint32_t variable) {
  if (t.is_variable(variable)) return variable;
  t.fail("there is no variable " + std::to_string(variable));
  return 0;
}

uint32_t high_variable(Translator& t, uint32_t operand) { return checked_variable(t, operand >> 4); }
uint32_t low_variable(Translator& t, uint32_t operand) { return checked_variable(t, operand & 15); }

void load_if_known(Translator& t, uint32_t variable) {
  if (!t.failed()) load_fast(t, variable);
}

}  // namespace

void pop_top(Translator& t, uint32_t) {
  if (!t.has_slots(1)) return;
  if (t.slot(1) == Slot::kAbsent) return t.pop_absent();
  t.emit(Opcode::kPop);
}

void copy(Translator& t, uint32_t depth) {
  if (depth == 0) return t.fail("a depth of zero");
  if (!t.has_slots(depth)) return;
  // The type of a 3.10 exception is copied for a comparison that the neutral form makes with its value.
  if (t.slot(depth) == Slot::kAbsent) return t.push_absent();
  t.emit(Opcode::kCopy, t.values_among(depth));
}

void copy_two(Translator& t, uint32_t) {
  copy(t, 2);
  copy(t, 2);
}

void swap(Translator& t, uint32_t depth) {
  if (depth == 0) return t.fail("a depth of zero");
  if (!t.has_slots(depth) || depth == 1) return;
  if (t.slot(1) == Slot::kAbsent || t.slot(depth) == Slot::kAbsent) return t.fail("a swap of what is no value");
  t.emit(Opcode::kSwap, t.values_among(depth));
}

// Swaps with the deepest first, as 3.11 and later write the same move.
void rotate(Translator& t, uint32_t depth) {
  if (depth == 0) return t.fail("a depth of zero");
  if (!t.has_slots(depth)) return;
  if (t.slot(1) == Slot::kAbsent) return t.fail("a move of what is no value");
  for (uint32_t i = t.values_among(depth); i > 1; --i) t.emit(Opcode::kSwap, i);
  std::vector<Slot>& stack = t.state().stack;
  std::rotate(stack.end() - depth, stack.end() - 1, stack.end());
}

void push_null(Translator& t, uint32_t) { t.push_absent(); }

void load_fast(Translator& t, uint32_t variable) {
  const bool cell = t.variable_kind(variable) != VariableKind::kLocal;
  t.emit(cell ? Opcode::kLoadClosure : Opcode::kLoadFast, variable);
}

void load_fast_load_fast(Translator& t, uint32_t operand) {
  load_if_known(t, high_variable(t, operand));
  load_if_known(t, low_variable(t, operand));
}

void store_fast_load_fast(Translator& t, uint32_t operand) {
  t.emit(Opcode::kStoreFast, high_variable(t, operand));
  load_if_known(t, low_variable(t, operand));
}

void store_fast_store_fast(Translator& t, uint32_t operand) {
  t.emit(Opcode::kStoreFast, high_variable(t, operand));
  t.emit(Opcode::kStoreFast, low_variable(t, operand));
}

// An inlined comprehension (PEP 709) whose variable has the name of a captured one would need two variables.
void load_fast_and_clear(Translator& t, uint32_t variable) {
  if (t.variable_kind(variable) != VariableKind::kLocal) {
    return t.emit_unsupported("LOAD_FAST_AND_CLEAR of a captured variable");
  }
  t.emit(Opcode::kLoadFastAndClear, variable);
}

void make_cell(Translator& t, uint32_t variable) {
  if (!t.in_prologue()) return t.emit_unsupported("MAKE_CELL inside a comprehension");
  t.emit(Opcode::kMakeCell, variable);
}

// NB_* numbers: the plain operators, then the in-place ones in the same order.
void binary_op(Translator& t, uint32_t operand) {
  if (operand >= 2 * kBinaryOperatorCount) return t.fail("there is no operator " + std::to_string(operand));
  const bool in_place = operand >= kBinaryOperatorCount;
  t.emit(in_place ? Opcode::kInplace : Opcode::kBinary, in_place ? operand - kBinaryOperatorCount : operand);
}

// The comparison in the upper bits; 16 asks for the truth of the result.
void compare_op_with_bool(Translator& t, uint32_t operand) {
  t.emit(Opcode::kCompare, operand >> 5);
  if ((operand & 16) != 0) to_bool(t, 0);
}

void to_bool(Translator& t, uint32_t) {
  if (!next_tests_truth(t)) t.emit(Opcode::kToBool);
}

void binary_slice(Translator& t, uint32_t) {
  t.emit(Opcode::kBuildSlice, 2);
  t.emit(Opcode::kLoadSubscript);
}

void store_slice(Translator& t, uint32_t) {
  t.emit(Opcode::kBuildSlice, 2);
  t.emit(Opcode::kStoreSubscript);
}

void unpack_ex(Translator& t, uint32_t operand) { t.emit(Opcode::kUnpackExtended, operand & 0xff, operand >> 8); }

// Low two bits: the conversion; 4: a format specification lies on top of the value.
void format_value(Translator& t, uint32_t operand) {
  const uint32_t conversion = operand & 3;
  const bool with_spec = (operand & 4) != 0;
  if (conversion != 0) {
    if (with_spec) t.emit(Opcode::kSwap, 2);
    t.emit(Opcode::kConvertValue, conversion);
    if (with_spec) t.emit(Opcode::kSwap, 2);
  }
  t.emit(with_spec ? Opcode::kFormatWithSpec : Opcode::kFormatSimple);
}

void call_intrinsic_1(Translator& t, uint32_t operand) {
  if (operand == kIntrinsicStopIterationError) return t.emit(Opcode::kStopIterationError);
  if (operand == kIntrinsicUnaryPositive) return t.emit(Opcode::kUnary, operand_of(UnaryOperator::kPositive));
  if (operand == kIntrinsicListToTuple) return t.emit(Opcode::kListToTuple);
  t.emit_unsupported("CALL_INTRINSIC_1");
}

void return_const(Translator& t, uint32_t constant) {
  t.emit(Opcode::kLoadConst, constant);
  t.emit(Opcode::kReturn);
}

void jump_if_false_or_pop(Translator& t, uint32_t target) {
  t.emit(Opcode::kCopy, 1);
  t.emit(Opcode::kJumpIfFalse, target);
  t.emit(Opcode::kPop);
}

void jump_if_true_or_pop(Translator& t, uint32_t target) {
  t.emit(Opcode::kCopy, 1);
  t.emit(Opcode::kJumpIfTrue, target);
  t.emit(Opcode::kPop);
}

// The interpreter drops the iterator itself and goes on after the clean-up that the jump names.
void for_iter_with_end_for(Translator& t, uint32_t target) {
  if (t.raw(target).row->name != "END_FOR" || target + 1 >= t.raw_count()) return t.fail("no END_FOR at its end");
  t.emit(Opcode::kForIter, target + 1);
}

void for_iter_with_end_for_and_pop(Translator& t, uint32_t target) {
  const bool ends =
      t.raw(target).row->name == "END_FOR" && target + 2 < t.raw_count() && t.raw(target + 1).row->name == "POP_TOP";
  if (!ends) return t.fail("no END_FOR and POP_TOP at its end");
  t.emit(Opcode::kForIter, target + 2);
}

// Drops what the first `send` gives, which is on CPython's stack when the generator starts.
void gen_start(Translator& t, uint32_t) {
  t.emit(Opcode::kGeneratorStart);
  t.emit(Opcode::kPop);
}

}  // namespace metate::bytecode::irregular
