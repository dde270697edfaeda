// python_numbers – arithmetic of Python's bool, int, float and complex.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

bool is_python_number(Writer& writer, Value value);

/// Ints are int64 and wrap. Division by zero raises, unless error_model="numpy".
Value python_binary(Writer& writer, ir::PyOperator op, Value a, Value b);
Value python_unary(Writer& writer, ir::PyOperator op, Value a);
/// ==, != and order; int with float exactly.
Value python_compare(Writer& writer, ir::PyOperator op, Value a, Value b);

/// int(x) and round(x) of a Python float; nan and infinity raise.
Value truncate_to_int(Writer& writer, Value x);
Value round_to_int(Writer& writer, Value x);

/// Raises ZeroDivisionError where the error model says so for operands like `divisor`.
void check_divisor(Writer& writer, Value divisor, std::string_view text);

}  // namespace metate::infer
