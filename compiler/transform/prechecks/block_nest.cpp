#include "compiler/transform/prechecks/block_nest.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/edit/clone.h"
#include "compiler/ir/edit/rewrite.h"
#include "compiler/transform/arrays/nest_writer.h"
#include "compiler/transform/arrays/whole_numbers.h"
#include "compiler/transform/nests/body_cost.h"
#include "compiler/transform/prechecks/sufficient.h"

namespace metate::transform {

using ir::Block;
using ir::BlockCall;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

namespace {

// What some arrays hold for so many iterations stays in the first-level cache from the checks to the iterations.
constexpr int64_t kBlock = 512;

// Fewer iterations are over before the vectors have begun.
constexpr int64_t kFewest = 16;

std::vector<uint8_t> in_order(size_t axes) { return axes_as_they_lie(axes, types::Layout::kC); }

}  // namespace

BlockNest::BlockNest(ir::Function& function, Inst nest)
    : function_(function),
      builder_(function),
      nest_(nest),
      data_(function.nests[function.inst(nest).imm]),
      body_(function, nest) {}

void BlockNest::write(std::span<const CheckSlice::Pair> apart) {
  Block block = function_.inst(nest_).block;
  const std::vector<Inst>& insts = function_.block(block).insts;
  auto at = static_cast<size_t>(std::ranges::find(insts, nest_) - insts.begin());
  Block rest = ir::split_block(function_, block, at + 1);
  function_.block(block).insts.pop_back();
  builder_.position(block);
  builder_.set_source(function_.inst(nest_).source);

  std::span<const Value> operands = function_.operands(nest_);
  Values extents(operands.begin(), operands.begin() + data_.rank),
      initial(operands.begin() + data_.rank, operands.end());
  extent_ = extents.back();
  extents.pop_back();
  if (!data_.lanes) {
    Value one = builder_.constant_int(1), length = builder_.constant_int(kBlock);
    extent_ = whole::maximum(builder_, extent_, builder_.constant_int(0));
    Value last = whole::floor_divide(builder_, whole::subtract(builder_, extent_, one), length);
    extents.push_back(whole::add(builder_, last, one));
  }
  Value worth = worth_it(apart);
  ir::NestData data{
      .mode = data_.mode, .independent = data_.independent, .grain = grain(), .reductions = data_.reductions};
  NestWriter nest(builder_, std::move(data), extents, in_order(extents.size()), initial);
  Values results = nest.close(write_block(nest.indices(), nest.accumulators(), worth));
  builder_.jump(rest);

  ir::ValueMap replaced;
  for (size_t i = 0; i < results.size(); ++i) {
    function_.value(results[i]).name = function_.value(function_.results(nest_)[i]).name;
    replaced.set(function_.results(nest_)[i], results[i]);
  }
  if (!results.empty()) ir::replace_uses(function_, replaced);
}

/// Whether to check before at all; none if it always is.
Value BlockNest::worth_it(std::span<const CheckSlice::Pair> apart) {
  ir::TypeId boolean = builder_.universe().types.weak_bool();
  Value worth;
  if (!data_.lanes) worth = whole::less(builder_, builder_.constant_int(kFewest - 1), extent_);
  for (const CheckSlice::Pair& pair : apart) {
    Value meet = builder_.emit_value(Opcode::kOverlap, 0, {pair.read, pair.written}, boolean);
    Value lie_apart = builder_.op(ScalarOp::kLogicalNot, {meet}, boolean);
    worth = worth ? builder_.op(ScalarOp::kBitwiseAnd, {worth, lie_apart}, boolean) : lie_apart;
  }
  return worth;
}

/// In blocks, where it was in iterations.
uint32_t BlockNest::grain() const {
  if (data_.mode != ir::NestMode::kParallel || data_.lanes) return data_.grain;
  if (data_.grain != ir::NestData().grain) return std::max<uint32_t>(data_.grain / kBlock, 1);
  std::optional<uint32_t> cost = body_cost(function_, nest_);
  return cost ? worth_a_piece(uint64_t{*cost} * kBlock) : data_.grain;
}

BlockNest::Values BlockNest::write_block(Values outer, const Values& accumulators, Value worth) {
  begin_ = {};
  count_ = extent_;
  if (!data_.lanes) {
    Value length = builder_.constant_int(kBlock);
    begin_ = whole::multiply(builder_, outer.back(), length);
    count_ = whole::minimum(builder_, length, whole::subtract(builder_, extent_, begin_));
    outer.pop_back();
  }
  ir::Region region = function_.block(builder_.block()).region;
  Block before = function_.add_block(region), fast = function_.add_block(region);
  Block slow = function_.add_block(region), end = function_.add_block(region);
  if (worth) {
    builder_.branch(worth, before, {}, slow, {});
  } else {
    builder_.jump(before);
  }
  builder_.position(before);
  builder_.branch(check(outer), fast, {}, slow, {});
  builder_.position(fast);
  builder_.jump(end, run(outer, accumulators, false));
  builder_.position(slow);
  builder_.jump(end, run(outer, accumulators, true));
  builder_.position(end);
  Values results;
  for (Value accumulator : accumulators) results.push_back(function_.add_param(end, function_.type(accumulator)));
  return results;
}

Value BlockNest::counter(Value index) { return begin_ ? whole::add(builder_, begin_, index) : index; }

/// Whether every check of every iteration will hold. Each block of a copy of the body has the answer so far as a
/// parameter more; what only served the stores is dead.
Value BlockNest::check(const Values& outer) {
  ir::NestData data{.independent = true, .lanes = data_.lanes, .reductions = {{ScalarOp::kBitwiseAnd}}};
  NestWriter nest(builder_, std::move(data), std::array{count_}, in_order(1), std::array{builder_.constant_bool(true)});
  Values arguments = outer;
  arguments.push_back(counter(nest.indices()[0]));
  for (Value result : function_.results(nest_))
    arguments.push_back(builder_.emit_value(Opcode::kUndef, 0, {}, function_.type(result)));
  arguments.push_back(builder_.constant_bool(true));
  Block entry = builder_.block();

  ir::Region region = function_.block(entry).region;
  Block copy = ir::RegionCloner(function_, function_).clone(ir::nest_body(function_, nest_), region);
  const std::vector<Block> blocks = function_.region(region).blocks;
  for (size_t i = 1; i < blocks.size(); ++i) {
    Value so_far = function_.add_param(blocks[i], builder_.universe().types.weak_bool());
    Value all = collect_checks(blocks[i], so_far);
    if (!all) continue;
    all = builder_.op(ScalarOp::kBitwiseAnd, {nest.accumulators()[0], all}, function_.type(all));
    builder_.yield(std::array{all});
  }
  builder_.position(entry);
  builder_.jump(copy, arguments);
  return nest.leave()[0];
}

/// Leaves out stores, and joins the conditions of checks. Gives what is to be yielded where the iteration ends here.
Value BlockNest::collect_checks(Block block, Value so_far) {
  std::vector<Inst> insts = std::exchange(function_.block(block).insts, {});
  ir::TypeId boolean = builder_.universe().types.weak_bool();
  builder_.position(block);
  for (Inst inst : insts) {
    switch (function_.inst(inst).opcode) {
      case Opcode::kStore:
        break;
      case Opcode::kCheck: {
        Value condition = function_.operands(inst)[0];
        std::optional<Bound> bound = bound_for(function_, condition);
        condition = bound ? emit(builder_, *bound) : builder_.cast(condition, boolean);
        so_far = builder_.op(ScalarOp::kBitwiseAnd, {so_far, condition}, boolean);
        break;
      }
      case Opcode::kRaise:
        return builder_.constant_bool(false);
      case Opcode::kYield:
        return so_far;
      case Opcode::kJump:
      case Opcode::kBranch:
        for (BlockCall& call : function_.targets(inst)) {
          Values arguments(function_.arguments(call).begin(), function_.arguments(call).end());
          arguments.push_back(so_far);
          function_.set_arguments(call, arguments);
        }
        [[fallthrough]];
      default:
        function_.block(block).insts.push_back(inst);
    }
  }
  return {};
}

/// The iterations themselves; those with their checks are the nest's own body, and come last.
BlockNest::Values BlockNest::run(const Values& outer, const Values& accumulators, bool checked) {
  ir::NestData data{.independent = data_.independent, .lanes = data_.lanes && !checked, .reductions = data_.reductions};
  NestWriter nest(builder_, std::move(data), std::array{count_}, in_order(1), accumulators);
  Values parameters = outer;
  parameters.push_back(counter(nest.indices()[0]));
  parameters.insert(parameters.end(), nest.accumulators().begin(), nest.accumulators().end());
  ir::Region region = function_.block(builder_.block()).region;
  auto yield = [&](std::span<const Value> values) { builder_.yield(values); };
  if (checked) {
    body_.move(builder_, parameters, yield);
  } else {
    body_.copy(builder_, parameters, yield);
    remove_checks(function_.region(region).blocks);
  }
  return nest.leave();
}

void BlockNest::remove_checks(std::span<const Block> blocks) {
  for (Block block : blocks) {
    std::erase_if(function_.block(block).insts,
                  [&](Inst inst) { return function_.inst(inst).opcode == Opcode::kCheck; });
    Inst last = function_.terminator(block);
    if (function_.inst(last).opcode != Opcode::kRaise) continue;
    function_.block(block).insts.pop_back();
    builder_.position(block);
    builder_.emit(Opcode::kUnreachable, 0, {}, {});
  }
}

}  // namespace metate::transform
