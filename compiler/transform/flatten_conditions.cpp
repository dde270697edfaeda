#include "compiler/transform/flatten_conditions.h"

#include <algorithm>
#include <array>

#include "compiler/ir/analysis/loops.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/builder.h"
#include "compiler/ir/edit/rewrite.h"

namespace metate::transform {
namespace {

using ir::Block;
using ir::BlockCall;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

bool is_cheap(ScalarOp op) {
  constexpr std::array kCheap{
      ScalarOp::kAdd,          ScalarOp::kSubtract,     ScalarOp::kMultiply,   ScalarOp::kNegative,
      ScalarOp::kEqual,        ScalarOp::kNotEqual,     ScalarOp::kLess,       ScalarOp::kLessEqual,
      ScalarOp::kGreater,      ScalarOp::kGreaterEqual, ScalarOp::kMinimum,    ScalarOp::kMaximum,
      ScalarOp::kFirstMinimum, ScalarOp::kFirstMaximum, ScalarOp::kLogicalNot, ScalarOp::kBitwiseAnd,
      ScalarOp::kBitwiseOr,    ScalarOp::kBitwiseXor,   ScalarOp::kSelect,     ScalarOp::kTruth};
  return std::ranges::find(kCheap, op) != kCheap.end();
}

class Flattener {
 public:
  explicit Flattener(ir::Function& function)
      : function_(function),
        flow_(function),
        loops_(function, flow_, ir::Dominators(function, flow_)),
        builder_(function) {}

  void run() {
    ir::walk_blocks(function_, [&](Block block) {
      if (Inst last = function_.terminator(block))
        for (const BlockCall& call : function_.targets(last)) ++entries_[call.block];
    });
    std::vector<ir::Region> regions;
    ir::walk_regions(function_, [&](ir::Region region) { regions.push_back(region); });
    bool changed = false;
    for (ir::Region region : regions) {
      std::span<const Block> order = flow_.reverse_postorder(region);
      for (size_t i = order.size(); i-- > 0;) {
        if (region == function_.body() && !loops_.innermost(order[i])) continue;
        while (flatten(order[i])) changed = true;
      }
    }
    if (!changed) return;
    ir::replace_uses(function_, replaced_);
    ir::remove_unreachable(function_);
  }

 private:
  bool flatten(Block block) {
    Inst branch = function_.terminator(block);
    if (!branch || function_.inst(branch).opcode != Opcode::kBranch || function_.block(block).handler) return false;
    for (size_t side = 0; side < 2; ++side)
      if (join_side(block, branch, side) || join_conditions(block, branch, side)) return true;
    return join_both(block, branch);
  }

  // if c: x = … without an else: the block on one side goes on to the other.
  bool join_side(Block block, Inst branch, size_t side) {
    Block inner = function_.targets(branch)[side].block;
    BlockCall other = function_.targets(branch)[1 - side];
    if (!can_absorb(inner, block) || !stays(block, other.block)) return false;
    Inst last = function_.terminator(inner);
    if (function_.inst(last).opcode != Opcode::kJump || function_.targets(last)[0].block != other.block) return false;
    std::vector<Value> mine = arguments_of(function_.targets(last)[0]), theirs = arguments_of(other);
    if (!selectable(mine, theirs)) return false;
    absorb(block, branch, side);
    Value condition = function_.operands(branch)[0];
    if (side == 1) std::swap(mine, theirs);
    jump_with_selected(block, branch, condition, mine, theirs, other.block);
    return true;
  }

  // Both sides go on to the same block.
  bool join_both(Block block, Inst branch) {
    Block first = function_.targets(branch)[0].block, second = function_.targets(branch)[1].block;
    if (first == second || !can_absorb(first, block) || !can_absorb(second, block)) return false;
    Inst last = function_.terminator(first), other = function_.terminator(second);
    if (function_.inst(last).opcode != Opcode::kJump || function_.inst(other).opcode != Opcode::kJump) return false;
    Block joined = function_.targets(last)[0].block;
    if (joined != function_.targets(other)[0].block || !stays(block, joined)) return false;
    std::vector<Value> mine = arguments_of(function_.targets(last)[0]);
    std::vector<Value> theirs = arguments_of(function_.targets(other)[0]);
    if (!selectable(mine, theirs)) return false;
    absorb(block, branch, 0);
    absorb(block, branch, 1);
    jump_with_selected(block, branch, function_.operands(branch)[0], mine, theirs, joined);
    return true;
  }

  // if c or d, if c and d: the block on one side branches to the other as well.
  bool join_conditions(Block block, Inst branch, size_t side) {
    Block inner = function_.targets(branch)[side].block;
    BlockCall other = function_.targets(branch)[1 - side];
    if (!can_absorb(inner, block) || !stays(block, other.block)) return false;
    Inst last = function_.terminator(inner);
    if (function_.inst(last).opcode != Opcode::kBranch) return false;
    std::span<const BlockCall> targets = function_.targets(last);
    if (targets[0].block == targets[1].block) return false;
    size_t shared = targets[0].block == other.block ? 0 : 1;
    if (targets[shared].block != other.block || !stays(block, targets[1 - shared].block)) return false;
    BlockCall beyond = targets[1 - shared];
    std::vector<Value> mine = arguments_of(other), theirs = arguments_of(targets[shared]);
    std::vector<Value> onwards = arguments_of(beyond);
    if (!selectable(mine, theirs)) return false;
    absorb(block, branch, side);

    open(block, branch);
    Value at_once = inverted(function_.operands(branch)[0], side == 0);
    Value later = inverted(replaced_(function_.operands(last)[0]), shared == 1);
    ir::TypeId boolean = builder_.universe().types.weak_bool();
    Value either = builder_.op(ScalarOp::kBitwiseOr, {at_once, later}, boolean);
    std::vector<Value> chosen = select(at_once, mine, theirs);
    builder_.branch(either, other.block, chosen, beyond.block, onwards);
    --entries_[other.block];
    return true;
  }

  /// Whether all of a block may be computed in the one that branches to it.
  bool can_absorb(Block inner, Block block) {
    if (inner == block || entries_[inner] != 1 || function_.block(inner).handler) return false;
    const std::vector<Inst>& insts = function_.block(inner).insts;
    if (insts.size() > kMostInsts || !stays(block, inner)) return false;
    return std::all_of(insts.begin(), insts.end() - 1, [&](Inst inst) {
      switch (function_.inst(inst).opcode) {
        case Opcode::kConst:
        case Opcode::kDim:
          return true;
        case Opcode::kCast:
          return !is_complex(function_.type_data(function_.result(inst)).dtype);
        case Opcode::kOp:
          return is_cheap(static_cast<ScalarOp>(function_.inst(inst).imm)) &&
                 !is_complex(function_.type_data(function_.operands(inst)[0]).dtype);
        default:
          return false;
      }
    });
  }

  /// Whether a target is in the same innermost loop, and no way around it.
  bool stays(Block block, Block target) const {
    ir::Loop loop = loops_.innermost(block);
    return loops_.innermost(target) == loop && !(loop && loops_[loop].header == target);
  }

  std::vector<Value> arguments_of(const BlockCall& call) const {
    return {function_.arguments(call).begin(), function_.arguments(call).end()};
  }

  bool selectable(std::span<const Value> first, std::span<const Value> second) {
    for (size_t i = 0; i < first.size(); ++i) {
      const types::Type& type = function_.type_data(first[i]);
      if (first[i] != second[i] && (type.kind != types::TypeKind::kScalar || is_complex(type.dtype))) return false;
    }
    return first.size() <= kMostSelects;
  }

  /// Moves the instructions of a target before the branch; its parameters are what the branch handed over.
  void absorb(Block block, Inst branch, size_t side) {
    BlockCall call = function_.targets(branch)[side];
    std::vector<Value> arguments = arguments_of(call);
    std::span<const Value> params = function_.block(call.block).params;
    for (size_t i = 0; i < params.size(); ++i) replaced_.set(params[i], arguments[i]);
    std::vector<Inst>& to = function_.block(block).insts;
    std::vector<Inst>& from = function_.block(call.block).insts;
    to.insert(to.end() - 1, from.begin(), from.end() - 1);
    for (Inst inst : from) function_.inst(inst).block = block;
    Inst last = from.back();
    from.assign({last});  // unreachable from here on
    function_.inst(last).block = call.block;
  }

  /// The builder at the end of the block, whose branch goes.
  void open(Block block, Inst branch) {
    function_.block(block).insts.pop_back();
    builder_.position(block);
    builder_.set_source(function_.inst(branch).source);
  }

  void jump_with_selected(Block block, Inst branch, Value condition, std::span<const Value> first,
                          std::span<const Value> second, Block target) {
    open(block, branch);
    builder_.jump(target, select(replaced_(condition), first, second));
    --entries_[target];
  }

  std::vector<Value> select(Value condition, std::span<const Value> first, std::span<const Value> second) {
    std::vector<Value> chosen;
    for (size_t i = 0; i < first.size(); ++i) {
      Value x = replaced_(first[i]), y = replaced_(second[i]);
      chosen.push_back(x == y ? x : builder_.op(ScalarOp::kSelect, {condition, x, y}, function_.type(x)));
    }
    return chosen;
  }

  /// As a weak_bool, since conditions of both kinds are joined.
  Value inverted(Value condition, bool invert) {
    ir::TypeId boolean = builder_.universe().types.weak_bool();
    condition = builder_.cast(replaced_(condition), boolean);
    return invert ? builder_.op(ScalarOp::kLogicalNot, {condition}, boolean) : condition;
  }

  static constexpr size_t kMostInsts = 12;
  static constexpr size_t kMostSelects = 4;

  ir::Function& function_;
  ir::ControlFlow flow_;
  ir::Loops loops_;
  ir::Builder builder_;
  support::SideTable<Block, uint32_t> entries_;  // edges into a block
  ir::ValueMap replaced_;
};

}  // namespace

void flatten_conditions(ir::Function& function, PassContext&) { Flattener(function).run(); }

}  // namespace metate::transform
