// same_value.h – two values that are computed alike, in different places perhaps.
#pragma once

#include "compiler/ir/function.h"

namespace metate::transform {

/// One value, or equal operations on the same values; never said of what memory or parameters may tell apart.
inline bool is_same(const ir::Function& function, ir::Value a, ir::Value b, int depth = 6) {
  if (a == b) return true;
  ir::Inst first = function.defining_inst(a), second = function.defining_inst(b);
  if (!first || !second || depth == 0 || function.type(a) != function.type(b)) return false;
  const ir::InstData &x = function.inst(first), &y = function.inst(second);
  bool computes = x.opcode == ir::Opcode::kConst || x.opcode == ir::Opcode::kOp || x.opcode == ir::Opcode::kCast ||
                  x.opcode == ir::Opcode::kDim;
  if (!computes || x.opcode != y.opcode || x.imm != y.imm) return false;
  std::span<const ir::Value> left = function.operands(first), right = function.operands(second);
  for (size_t i = 0; i < left.size(); ++i)
    if (!is_same(function, left[i], right[i], depth - 1)) return false;
  return true;
}

}  // namespace metate::transform
