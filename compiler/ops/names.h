// names.h – from the names that Python code uses to the rows that compute them.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/ops/array_function.h"
#include "compiler/ops/python_function.h"
#include "compiler/ops/reduction.h"
#include "compiler/ops/scalar_op.h"

namespace metate::ops {

struct Named {
  enum class Kind : uint8_t {
    kElementwise,    // numpy.add, numpy.divmod: `elementwise`
    kPython,         // math.sqrt, builtins.abs, operator.add: `python`
    kReduction,      // numpy.sum: `reduction`
    kArrayFunction,  // numpy.zeros: `array_function`
    kDType,          // numpy.float32, called or given as dtype: `dtype`
  };
  Kind kind;
  const NumpyFunction* elementwise = nullptr;
  std::span<const PythonOverload> python = {};
  ReductionId reduction{};
  ArrayFunction array_function{};
  types::DType dtype{};
  /// Parameters, see signature.h; of methods without the array. Dtypes have one, the value.
  std::string_view signature = {};
};

/// What "numpy.sqrt", "math.sqrt" or "builtins.abs" is; none for names that compiler/ops does not know.
std::optional<Named> find_name(std::string_view qualified);

/// What the method of an array is: x.sum, x.astype, x.conj. The array is the first argument.
std::optional<Named> find_method(std::string_view name);

}  // namespace metate::ops
