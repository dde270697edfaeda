// operators – what Python's operators mean for the types of their operands.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// Two Python numbers follow Python, with a NumPy-typed operand NumPy's rules hold (architecture, decision 8).
Value binary(Writer& writer, ir::PyOperator op, Value a, Value b);
/// a op= b: changes an array in place, else as `binary`.
Value inplace(Writer& writer, ir::PyOperator op, Value a, Value b);
Value unary(Writer& writer, ir::PyOperator op, Value a);

/// The ufunc behind an operator; none for those that are no elementwise function.
std::optional<ScalarOp> ufunc_of(ir::PyOperator op);
/// Reports that there is no such operation.
Value no_operator(Writer& writer, ir::PyOperator op, Value a, Value b);

}  // namespace metate::infer
