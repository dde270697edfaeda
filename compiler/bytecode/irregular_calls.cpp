// irregular_calls.cpp – calls without NULLs, functions with all their parts in one instruction.
#include "compiler/bytecode/irregular.h"

namespace metate::bytecode::irregular {
namespace {

// LOAD_GLOBAL and LOAD_ATTR: the low bit asks for the slot beside a callee.
void load_named(Translator& t, Opcode opcode, uint32_t operand) {
  const uint32_t name = operand >> 1;
  if (!t.is_name(name)) return t.fail("there is no name " + std::to_string(name));
  t.emit(opcode, name);
  if ((operand & 1) != 0) t.add_absent_to_callee();
}

// Slots from the callee up, or from the NULL if that is below. Where a value stands in place of the NULL it is the
// first argument and the slot below it the callee: decorators and 3.11's comprehensions are called like that.
void call_with_null(Translator& t, uint32_t argument_count, uint32_t keywords) {
  const uint64_t slots = uint64_t{argument_count} + 2;
  if (!t.has_slots(slots)) return;
  std::vector<Slot>& stack = t.state().stack;
  const auto base = stack.end() - static_cast<ptrdiff_t>(slots);
  const auto null_slot = t.version().null_position == NullPosition::kBelowCallee ? base : base + 1;
  if (*null_slot == Slot::kAbsent) {
    stack.erase(null_slot);
  } else if (base[0] == Slot::kValue && base[1] == Slot::kValue) {
    ++argument_count;
  } else {
    return t.fail("no callee stands below the arguments");
  }
  t.emit(Opcode::kCall, argument_count, keywords);
}

}  // namespace

void load_global(Translator& t, uint32_t operand) { load_named(t, Opcode::kLoadGlobal, operand); }

// 3.12 and later; earlier versions have LOAD_METHOD for the form with the low bit.
void load_attr(Translator& t, uint32_t operand) { load_named(t, Opcode::kLoadAttribute, operand); }

void load_method(Translator& t, uint32_t name) {
  t.emit(Opcode::kLoadAttribute, name);
  t.add_absent_to_callee();
}

void call(Translator& t, uint32_t argument_count) {
  // 3.11 has PRECALL between KW_NAMES and CALL.
  const uint32_t distance = t.fuse_with("PRECALL", 1) == nullptr ? 1 : 2;
  const RawInstruction* keywords = t.fuse_with("KW_NAMES", distance);
  call_with_null(t, argument_count, keywords == nullptr ? kNoKeywords : keywords->argument);
}

void call_function(Translator& t, uint32_t argument_count) { t.emit(Opcode::kCall, argument_count, kNoKeywords); }

void call_method(Translator& t, uint32_t argument_count) { call_with_null(t, argument_count, kNoKeywords); }

void call_function_kw(Translator& t, uint32_t argument_count) {
  const uint32_t keywords = t.take_constant();
  t.emit(Opcode::kCall, argument_count, keywords);
}

void call_kw(Translator& t, uint32_t argument_count) {
  const uint32_t keywords = t.take_constant();
  call_with_null(t, argument_count, keywords);
}

void call_function_ex(Translator& t, uint32_t operand) {
  const uint32_t with_dict = operand & 1;
  const uint32_t slots = 3 + with_dict;
  if (!t.has_slots(slots)) return;
  std::vector<Slot>& stack = t.state().stack;
  const auto base = stack.end() - static_cast<ptrdiff_t>(slots);
  const auto null_slot = t.version().null_position == NullPosition::kBelowCallee ? base : base + 1;
  if (*null_slot != Slot::kAbsent) return t.fail("no NULL stands beside the callee");
  stack.erase(null_slot);
  t.emit(Opcode::kCallSpread, with_dict);
}

// The qualified name lies above the code object; later versions keep it in there.
void make_function_with_name(Translator& t, uint32_t parts) {
  t.take_constant();
  t.emit(Opcode::kMakeFunction, parts & 15);
}

// Comes after MAKE_FUNCTION once for each part, the topmost first, and becomes a part of it.
void set_function_attribute(Translator& t, uint32_t part) {
  uint32_t distance = 1;
  while (t.fuse_with("SET_FUNCTION_ATTRIBUTE", distance) != nullptr) ++distance;
  if (t.fuse_with("MAKE_FUNCTION", distance) == nullptr || t.instructions_before(distance).empty()) {
    return t.fail("no MAKE_FUNCTION comes before");
  }
  Instruction& function = t.instructions_before(distance).back();
  const bool known = part == kDefaults || part == kKeywordDefaults || part == kAnnotations || part == kClosure;
  const uint32_t lowest = function.operand & (~function.operand + 1);
  if (!known || (function.operand != 0 && part >= lowest)) return t.fail("a part out of order");
  if (!t.has_slots(2)) return;
  if (t.slot(1) == Slot::kAbsent || t.slot(2) == Slot::kAbsent) return t.fail("the stack has too few values");
  function.operand |= part;
  t.state().stack.pop_back();
}

}  // namespace metate::bytecode::irregular
