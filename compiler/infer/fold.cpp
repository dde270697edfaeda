#include "compiler/infer/fold.h"

#include <algorithm>

#include "compiler/ops/fold.h"

namespace metate::infer {

std::optional<ConstantId> fold_cast(ConstantId constant, types::TypeId type_id, ir::Universe& universe) {
  const types::Type& type = universe.types[type_id];
  std::optional<types::Scalar> value = types::to_scalar(universe.constants[constant]);
  if (!value || type.kind != types::TypeKind::kScalar) return std::nullopt;
  return types::to_constant(ops::cast(*value, type.dtype), type.weak, universe.constants);
}

std::optional<ConstantId> fold_op(ops::ScalarOp op, std::span<const ConstantId> operands, types::TypeId result,
                                  ir::Universe& universe) {
  const types::Type& type = universe.types[result];
  if (type.kind != types::TypeKind::kScalar) return std::nullopt;
  std::vector<types::Scalar> values;
  for (ConstantId operand : operands) {
    std::optional<types::Scalar> value = operand ? types::to_scalar(universe.constants[operand]) : std::nullopt;
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return types::to_constant(ops::evaluate(op, values), type.weak, universe.constants);
}

}  // namespace metate::infer
