// fold – operations on constants, done while inferring: branches on them are decided before their sides are typed.
#pragma once

#include <optional>
#include <span>

#include "compiler/ir/universe.h"
#include "compiler/ops/scalar_op.h"

namespace metate::infer {

using types::ConstantId;

/// `op` of the constants (invalid ids: not constant), or nothing where it cannot be done here.
std::optional<ConstantId> fold_op(ops::ScalarOp op, std::span<const ConstantId> operands, types::TypeId result,
                                  ir::Universe& universe);

/// A numeric constant as a constant of the scalar type `type`, converted as `cast` does.
std::optional<ConstantId> fold_cast(ConstantId constant, types::TypeId type, ir::Universe& universe);

}  // namespace metate::infer
