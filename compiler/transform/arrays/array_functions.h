// array_functions – the expanders of array functions, one for each form that docs/ir.md lists.
#pragma once

#include "compiler/ir/builder.h"
#include "compiler/ops/array_function.h"

namespace metate::transform {

/// Emits what the function does where the builder stands, within its block; gives the result, of the type asked for.
using Expander = ir::Value (*)(ir::Builder& builder, std::span<const ir::Value> operands, ir::TypeId result);

// creation
ir::Value expand_zeros(ir::Builder& builder, std::span<const ir::Value> operands, ir::TypeId result);
ir::Value expand_full(ir::Builder& builder, std::span<const ir::Value> operands, ir::TypeId result);
ir::Value expand_arange(ir::Builder& builder, std::span<const ir::Value> operands, ir::TypeId result);
ir::Value expand_copy(ir::Builder& builder, std::span<const ir::Value> operands, ir::TypeId result);
// products
ir::Value expand_dot(ir::Builder& builder, std::span<const ir::Value> operands, ir::TypeId result);

}  // namespace metate::transform
