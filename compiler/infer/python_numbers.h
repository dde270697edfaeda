// python_numbers – operators and functions of Python's bool, int, float and complex, as ops/python_functions.def says.
#pragma once

#include "compiler/infer/writer.h"
#include "compiler/ops/python_function.h"

namespace metate::infer {

bool is_python_number(Writer& writer, Value value);

/// The overload for the operands, which are scalars (NumPy's as the Python numbers that they convert to), with the
/// checks that it raises by. Ints are int64 and wrap. Two results make a tuple. Invalid, without an error, where there
/// is no overload.
Value apply_python(Writer& writer, std::span<const ops::PythonOverload> function, std::span<const Value> operands);
inline Value apply_python(Writer& writer, std::string_view function, std::initializer_list<Value> operands) {
  return apply_python(writer, ops::python_function(function),
                      std::span<const Value>(operands.begin(), operands.size()));
}

/// "operator.add": the function of an operator.
std::string_view python_function_of(ir::PyOperator op);

/// The overload of an operator; a constant int beside a float is compared as a float where that is exact.
Value python_operator(Writer& writer, ir::PyOperator op, std::span<const Value> operands);
inline Value python_operator(Writer& writer, ir::PyOperator op, std::initializer_list<Value> operands) {
  return python_operator(writer, op, std::span<const Value>(operands.begin(), operands.size()));
}

/// a ** b: the sign of a constant exponent and squares have meanings of their own.
Value python_power(Writer& writer, Value a, Value b);

/// Raises ZeroDivisionError for a NumPy-typed divisor where the error model is Python's.
void check_divisor(Writer& writer, Value divisor, std::string_view text);

}  // namespace metate::infer
