#include "compiler/transform/nests/body_cost.h"

#include <algorithm>

#include "compiler/ir/analysis/control_flow.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/ops/scalar_op.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::Opcode;

constexpr uint64_t kPiece = 24'000;  // 6 microseconds: two threads save half of that

/// None for what may take any time.
std::optional<uint32_t> cost(const ir::Function& function, Inst inst) {
  switch (function.inst(inst).opcode) {
    case Opcode::kNest:
    case Opcode::kCall:
    case Opcode::kCallForeign:
    case Opcode::kPrint:
    case Opcode::kAlloc:
      return std::nullopt;
    case Opcode::kOp:
      // What rounds is a series or a polynomial.
      return ops::info(static_cast<ops::ScalarOp>(function.inst(inst).imm)).ulp64 > 0 ? 8 : 1;
    case Opcode::kLoad:
    case Opcode::kStore:
    case Opcode::kCheck:
    case Opcode::kIndex:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

std::optional<uint32_t> body_cost(const ir::Function& function, Inst nest) {
  ir::Region body = ir::nest_body(function, nest);
  uint32_t total = 1;
  for (ir::Block block : function.region(body).blocks)
    for (Inst inst : function.block(block).insts) {
      std::optional<uint32_t> one = cost(function, inst);
      if (!one) return std::nullopt;
      total += *one;
    }
  // In this order only loops lead back.
  ir::ControlFlow flow(function);
  for (ir::Block block : flow.reverse_postorder(body))
    for (ir::Block next : flow.successors(block))
      if (flow.position(next) <= flow.position(block)) return std::nullopt;
  return total;
}

uint32_t worth_a_piece(uint64_t cost) {
  return static_cast<uint32_t>(std::max<uint64_t>((kPiece + cost - 1) / std::max<uint64_t>(cost, 1), 1));
}

}  // namespace metate::transform
