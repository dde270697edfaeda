// python_function.h – Python's operators and functions of numbers: what they compute, and when they raise.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "compiler/ops/check.h"
#include "compiler/ops/resolve.h"
#include "compiler/ops/scalar_op.h"

namespace metate::ops {

/// A row of python_functions.def.
struct PythonOverload {
  std::string_view name;       // "math.sqrt"
  std::string_view signature;  // "x, /"; see signature.h
  std::optional<ScalarOp> numpy;
  std::string_view loop;  // "ff->f": b, i, f, c are bool, int, float, complex
  std::array<std::optional<ScalarOp>, 2> ops;
  std::array<Check, 3> all_checks;

  int arity() const { return static_cast<int>(loop.find('-')); }
  int result_count() const { return ops[1] ? 2 : 1; }
  std::span<const Check> checks() const;
};

std::span<const PythonOverload> python_overloads();
/// The overloads of a name, in the order in which they are tried; empty if Python has no such function for numbers.
std::span<const PythonOverload> python_function(std::string_view name);

struct PythonResolution {
  const PythonOverload* overload;
  std::array<types::DType, kMaxArity> operands{};  // cast every operand to its dtype
  std::array<types::DType, 2> results{};           // weak: Python's numbers
};

/// What a function computes of numbers of these dtypes: bool, i64, f64, c128 as Python's bool, int, float, complex;
/// NumPy's dtypes count as the Python number that they convert to. None where Python raises TypeError.
std::optional<PythonResolution> resolve_python(std::span<const PythonOverload> function,
                                               std::span<const types::DType> operands);

/// bool, i64, f64 or c128: the Python number of a NumPy scalar's kind.
types::DType python_dtype(types::DType dtype);

}  // namespace metate::ops
