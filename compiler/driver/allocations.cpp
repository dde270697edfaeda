#include "compiler/driver/allocations.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "compiler/ir/analysis/control_flow.h"
#include "compiler/ir/analysis/dominators.h"
#include "compiler/ir/analysis/loops.h"
#include "compiler/ir/analysis/walk.h"

namespace metate::driver {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

/// An extent as Python writes it, in parentheses where a product around it needs them.
class ExtentText {
 public:
  explicit ExtentText(const ir::Function& function) : function_(function) {}

  std::optional<std::string> of(Value value, bool in_product, int depth = 0) const {
    constexpr int kDeepest = 6;  // what is longer is no help
    if (depth > kDeepest) return std::nullopt;
    if (std::optional<int64_t> known = number(value)) return std::to_string(*known);
    Inst inst = function_.defining_inst(value);
    if (!inst) return parameter(value);
    std::span<const Value> operands = function_.operands(inst);
    switch (function_.inst(inst).opcode) {
      case Opcode::kDim: {
        std::optional<std::string> array = parameter(operands[0]);
        if (!array) return std::nullopt;
        return *array + ".shape[" + std::to_string(function_.inst(inst).imm) + "]";
      }
      case Opcode::kCast:
        return of(operands[0], in_product, depth);
      case Opcode::kOp:
        return operation(static_cast<ScalarOp>(function_.inst(inst).imm), operands, in_product, depth + 1);
      default:
        return std::nullopt;
    }
  }

  std::optional<int64_t> number(Value value) const {
    ir::ConstantId id = function_.constant(value);
    if (!id) return std::nullopt;
    std::optional<types::Scalar> scalar = types::to_scalar(function_.universe().constants[id]);
    return scalar ? std::optional(scalar->as_int()) : std::nullopt;
  }

 private:
  std::optional<std::string> parameter(Value value) const {
    const ir::ValueData& data = function_.value(value);
    if (!data.is_param || Block(data.definer) != function_.entry() || !data.name) return std::nullopt;
    return std::string(function_.universe().symbols.name(data.name));
  }

  std::optional<std::string> operation(ScalarOp op, std::span<const Value> operands, bool in_product, int depth) const {
    auto two = [&](std::string_view between, std::string_view begin, std::string_view end,
                   bool factors) -> std::optional<std::string> {
      std::optional<std::string> left = of(operands[0], factors, depth), right = of(operands[1], factors, depth);
      if (!left || !right) return std::nullopt;
      return std::string(begin) + *left + std::string(between) + *right + std::string(end);
    };
    const std::string_view open = in_product ? "(" : "", close = in_product ? ")" : "";
    switch (op) {
      case ScalarOp::kAdd:
        return two(" + ", open, close, false);
      case ScalarOp::kSubtract:
        return two(" - ", open, close, true);
      case ScalarOp::kMultiply:
        return two(" * ", "", "", true);
      case ScalarOp::kFloorDivide:
        return two(" // ", open, close, true);
      case ScalarOp::kMaximum:
        return of_positive(operands, depth, two(", ", "max(", ")", false));
      case ScalarOp::kMinimum:
        return two(", ", "min(", ")", false);
      case ScalarOp::kSelect:
        return of_broadcast(operands, depth);
      default:
        return std::nullopt;
    }
  }

  /// max(n, 0), which is what `np.zeros(n)` and the like make of n: without the words, where n is meant.
  std::optional<std::string> of_positive(std::span<const Value> operands, int depth,
                                         std::optional<std::string> otherwise) const {
    if (number(operands[1]) == 0) return of(operands[0], true, depth);
    if (number(operands[0]) == 0) return of(operands[1], true, depth);
    return otherwise;
  }

  /// What transform/arrays/broadcast makes of two extents: n == 1 ? m : n.
  std::optional<std::string> of_broadcast(std::span<const Value> operands, int depth) const {
    Inst condition = function_.defining_inst(operands[0]);
    const bool asks_for_one = condition && function_.inst(condition).opcode == Opcode::kOp &&
                              static_cast<ScalarOp>(function_.inst(condition).imm) == ScalarOp::kEqual &&
                              function_.operands(condition)[0] == operands[2] &&
                              number(function_.operands(condition)[1]) == 1;
    std::optional<std::string> one = of(operands[2], false, depth), other = of(operands[1], false, depth);
    if (!asks_for_one || !one || !other) return std::nullopt;
    return "broadcast(" + *one + ", " + *other + ")";
  }

  const ir::Function& function_;
};

/// `inside`: of a nest with iterations; one of rank 0 is a single run.
void add_repeated(const ir::Function& function, ir::Region region, bool inside, std::set<Block>& found) {
  for (Block block : function.region(region).blocks) {
    if (inside) found.insert(block);
    for (Inst inst : function.block(block).insts)
      if (ir::Region body = ir::nest_body(function, inst))
        add_repeated(function, body, inside || function.nests[function.inst(inst).imm].rank > 0, found);
  }
}

}  // namespace

std::string bytes_of_alloc(const ir::Function& function, Inst alloc) {
  const ExtentText text(function);
  int64_t known = types::size(function.type_data(function.result(alloc)).dtype);
  std::string factors;
  for (Value extent : function.operands(alloc)) {
    if (std::optional<int64_t> number = text.number(extent)) {
      known *= *number;
      continue;
    }
    std::optional<std::string> factor = text.of(extent, /*in_product=*/true);
    if (!factor) return "";
    factors += (factors.empty() ? "" : " * ") + *factor;
  }
  if (factors.empty()) return std::to_string(known);
  return known == 1 ? factors : std::to_string(known) + " * " + factors;
}

std::set<Value> returned_values(const ir::Function& function) {
  // What each block parameter may be.
  std::map<Value, std::vector<Value>> incoming;
  std::vector<Value> work;
  ir::walk_insts(function, [&](Inst inst) {
    if (function.inst(inst).opcode == Opcode::kReturn) work.push_back(function.operands(inst)[0]);
    for (const ir::BlockCall& target : function.targets(inst)) {
      std::span<const Value> arguments = function.arguments(target);
      for (size_t i = 0; i < arguments.size(); ++i)
        incoming[function.block(target.block).params[i]].push_back(arguments[i]);
    }
  });
  std::set<Value> found;
  while (!work.empty()) {
    const Value value = work.back();
    work.pop_back();
    if (!found.insert(value).second) continue;
    Inst inst = function.defining_inst(value);
    if (!inst) {
      for (Value from : incoming[value]) work.push_back(from);
      continue;
    }
    const Opcode opcode = function.inst(inst).opcode;
    if (opcode == Opcode::kAlloc || opcode == Opcode::kDim || opcode == Opcode::kLoad) continue;
    for (Value operand : function.operands(inst)) work.push_back(operand);
  }
  return found;
}

std::set<Block> repeated_blocks(const ir::Function& function) {
  std::set<Block> found;
  add_repeated(function, function.body(), false, found);
  const ir::ControlFlow flow(function);
  const ir::Dominators dominators(function, flow);
  const ir::Loops loops(function, flow, dominators);
  for (const ir::LoopData& loop : loops.all()) found.insert(loop.blocks.begin(), loop.blocks.end());
  return found;
}

}  // namespace metate::driver
