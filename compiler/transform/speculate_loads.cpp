#include "compiler/transform/speculate_loads.h"

#include <algorithm>

#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/ranges/ranges.h"

namespace metate::transform {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

class Speculator {
 public:
  explicit Speculator(ir::Function& function) : function_(function), ranges_(function) {}

  void run() {
    std::vector<ir::Region> regions;
    ir::walk_regions(function_, [&](ir::Region region) { regions.push_back(region); });
    for (ir::Region region : regions) {
      // From the innermost conditions outwards, so that a load can pass several.
      std::span<const Block> order = ranges_.flow().reverse_postorder(region);
      for (size_t i = order.size(); i-- > 0;) look_at(order[i], region);
    }
  }

 private:
  void look_at(Block block, ir::Region region) {
    if (!repeats(block, region) || ranges_.flow().predecessors(block).size() != 1) return;
    Block before = ranges_.flow().predecessors(block)[0];
    Inst branch = function_.terminator(before);
    if (function_.inst(branch).opcode != Opcode::kBranch || function_.block(block).insts.size() > kMostInsts) return;

    moving_.clear();
    for (Inst inst : function_.block(block).insts) {
      uint16_t effects = info(function_.inst(inst).opcode).effects;
      if (effects & ~(ir::kReads | ir::kTerminator)) break;  // what follows may depend on it
      if (function_.inst(inst).opcode == Opcode::kLoad && can_move(inst, block) && in_range(inst, before))
        take(inst, block);
    }
    if (moving_.empty()) return;
    std::vector<Inst>& from = function_.block(block).insts;
    std::vector<Inst>& to = function_.block(before).insts;
    for (Inst inst : from) {
      if (std::ranges::find(moving_, inst) == moving_.end()) continue;
      to.insert(to.end() - 1, inst);
      function_.inst(inst).block = before;
    }
    std::erase_if(from, [&](Inst inst) { return std::ranges::find(moving_, inst) != moving_.end(); });
  }

  bool repeats(Block block, ir::Region region) const {
    return region != function_.body() || ranges_.loops().innermost(block);
  }

  /// Whether all that a value needs from its block can be computed before: sums and products, which wrap as one likes
  /// on the way, since an index that is in range at its end has not lost anything.
  bool can_move(Inst inst, Block block) const {
    return std::ranges::all_of(function_.operands(inst), [&](Value operand) {
      const ir::ValueData& data = function_.value(operand);
      if (data.is_param) return Block(data.definer) != block;
      Inst maker(data.definer);
      if (function_.inst(maker).block != block) return true;
      return moves_freely(maker) && can_move(maker, block);
    });
  }

  bool moves_freely(Inst inst) const {
    switch (function_.inst(inst).opcode) {
      case Opcode::kConst:
      case Opcode::kDim:
        return true;
      case Opcode::kCast:
        return is_int64(function_.result(inst)) && is_int64(function_.operands(inst)[0]);
      case Opcode::kOp: {
        auto op = static_cast<ScalarOp>(function_.inst(inst).imm);
        return (op == ScalarOp::kAdd || op == ScalarOp::kSubtract || op == ScalarOp::kMultiply) &&
               is_int64(function_.result(inst));
      }
      default:
        return false;
    }
  }

  bool is_int64(Value value) const {
    const types::Type& type = function_.type_data(value);
    return type.kind == types::TypeKind::kScalar && type.dtype == types::DType::kI64;
  }

  bool in_range(Inst load, Block block) {
    Value array = function_.operands(load)[0];
    std::span<const Value> indices = function_.operands(load).subspan(1);
    for (uint32_t axis = 0; axis < indices.size(); ++axis) {
      const Linear index = ranges_.form(indices[axis]);
      std::optional<Linear> extent = ranges_.extent(array, axis);
      if (!extent || !ranges_.is_never_negative(index, block) || !ranges_.is_never_negative(*extent - index - 1, block))
        return false;
    }
    return true;
  }

  void take(Inst inst, Block block) {
    if (function_.inst(inst).block != block || std::ranges::find(moving_, inst) != moving_.end()) return;
    for (Value operand : function_.operands(inst))
      if (Inst maker = function_.defining_inst(operand)) take(maker, block);
    moving_.push_back(inst);
  }

  static constexpr size_t kMostInsts = 24;

  ir::Function& function_;
  Ranges ranges_;
  std::vector<Inst> moving_;
};

}  // namespace

void speculate_loads(ir::Function& function, PassContext&) { Speculator(function).run(); }

}  // namespace metate::transform
