// scalar_op.h – everything that can be computed from scalars, as one enumeration made of the tables' rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace metate::ops {

enum class ScalarOp : uint16_t {
#define UFUNC(enumerator, ...) enumerator,
#include "compiler/ops/ufuncs.def"
#undef UFUNC
#define SCALAR_OP(enumerator, ...) enumerator,
#include "compiler/ops/scalar_ops.def"
#undef SCALAR_OP
};

/// The IR name, for ufuncs NumPy's.
std::string_view name(ScalarOp op);
int arity(ScalarOp op);
std::optional<ScalarOp> scalar_op_from_name(std::string_view name);

}  // namespace metate::ops
