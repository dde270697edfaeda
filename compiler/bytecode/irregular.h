// irregular.h – the opcodes that become more, less or something other than one neutral instruction.
#pragma once

#include "compiler/bytecode/translator.h"

/// Each is named in the IRREGULAR rows of opcodes_3_xx.def, with the rule that makes its operand.
namespace metate::bytecode::irregular {

// stack
void pop_top(Translator& translator, uint32_t operand);
void copy(Translator& translator, uint32_t depth);
void copy_two(Translator& translator, uint32_t operand);  // DUP_TOP_TWO
void swap(Translator& translator, uint32_t depth);
void rotate(Translator& translator, uint32_t depth);  // ROT_…: the top goes down to `depth`
void push_null(Translator& translator, uint32_t operand);

// variables
void load_fast(Translator& translator, uint32_t variable);  // 3.13 has no LOAD_CLOSURE
void load_fast_load_fast(Translator& translator, uint32_t operand);
void store_fast_load_fast(Translator& translator, uint32_t operand);
void store_fast_store_fast(Translator& translator, uint32_t operand);
void load_fast_and_clear(Translator& translator, uint32_t variable);
void make_cell(Translator& translator, uint32_t variable);

// operators and subscripts
void binary_op(Translator& translator, uint32_t operand);
void compare_op_with_bool(Translator& translator, uint32_t operand);  // 3.13
void to_bool(Translator& translator, uint32_t operand);
void binary_slice(Translator& translator, uint32_t operand);
void store_slice(Translator& translator, uint32_t operand);
void unpack_ex(Translator& translator, uint32_t operand);
void format_value(Translator& translator, uint32_t operand);
void call_intrinsic_1(Translator& translator, uint32_t operand);

// control flow
void return_const(Translator& translator, uint32_t constant);
void jump_if_false_or_pop(Translator& translator, uint32_t target);
void jump_if_true_or_pop(Translator& translator, uint32_t target);
void for_iter_with_end_for(Translator& translator, uint32_t target);          // 3.12
void for_iter_with_end_for_and_pop(Translator& translator, uint32_t target);  // 3.13
void gen_start(Translator& translator, uint32_t operand);

// calls and functions
void load_global(Translator& translator, uint32_t operand);
void load_attr(Translator& translator, uint32_t operand);
void load_method(Translator& translator, uint32_t name);
void call(Translator& translator, uint32_t argument_count);
void call_function(Translator& translator, uint32_t argument_count);     // 3.10, without a NULL
void call_method(Translator& translator, uint32_t argument_count);       // 3.10
void call_function_kw(Translator& translator, uint32_t argument_count);  // 3.10
void call_kw(Translator& translator, uint32_t argument_count);           // 3.13
void call_function_ex(Translator& translator, uint32_t operand);
void make_function_with_name(Translator& translator, uint32_t parts);  // 3.10
void set_function_attribute(Translator& translator, uint32_t part);    // 3.13

// 3.10's block stack
void setup_finally(Translator& translator, uint32_t handler);
void setup_with(Translator& translator, uint32_t handler);
void pop_block(Translator& translator, uint32_t operand);
void pop_except_triple(Translator& translator, uint32_t operand);
void reraise_triple(Translator& translator, uint32_t keeps_line);
void jump_if_not_exc_match(Translator& translator, uint32_t target);

}  // namespace metate::bytecode::irregular
