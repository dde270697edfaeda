#include "compiler/transform/prechecks/counted_loop.h"

#include <algorithm>
#include <array>

#include "compiler/ir/builder.h"
#include "compiler/ir/edit/rewrite.h"
#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {

using ir::Block;
using ir::BlockCall;
using ir::Function;
using ir::Inst;
using ir::Opcode;
using ir::Value;
using ops::ScalarOp;

namespace {

/// Reads one loop. Every step says whether the loop is still one that counts.
class Reader {
 public:
  Reader(const Function& function, const ir::ControlFlow& flow, const ir::Loops& loops, const ir::Uses& uses,
         ir::Loop loop)
      : function_(function),
        flow_(flow),
        loops_(loops),
        uses_(uses),
        id_(loop),
        loop_(loops[loop]),
        branch_(function.terminator(loop_.header)) {}

  std::optional<CountedLoop> read() {
    found_.loop = loop_;
    found_.iterations.header = loop_.header;
    if (!read_header() || !read_exits() || !starts_from_zero() || !steps_by_one() || computes_for_others()) return {};
    return found_;
  }

 private:
  bool read_header() {
    if (function_.inst(branch_).opcode != Opcode::kBranch) return false;
    for (Inst inst : function_.block(loop_.header).insts)
      if (inst != branch_ && ir::info(function_.inst(inst).opcode).effects != ir::kPure) return false;
    Inst condition = function_.defining_inst(function_.operands(branch_)[0]);
    if (!condition || !is_op(condition, ScalarOp::kLess)) return false;
    std::span<const Value> compared = function_.operands(condition);
    found_.count = compared[1];
    return read_params(compared[0]) && is_integer(compared[0]) && is_integer(found_.count) && !inside(found_.count) &&
           inside(function_.targets(branch_)[0].block) && !inside(function_.targets(branch_)[1].block);
  }

  bool read_params(Value counter) {
    const std::vector<Value>& params = function_.block(loop_.header).params;
    auto at = std::ranges::find(params, counter);
    if (at == params.end()) return false;
    found_.iterations.counter = counter;
    found_.counter = static_cast<uint32_t>(at - params.begin());
    found_.iterations.accumulators = params;
    std::erase(found_.iterations.accumulators, counter);
    return std::ranges::all_of(found_.iterations.accumulators, [&](Value accumulator) {
      return function_.type_data(accumulator).kind == types::TypeKind::kScalar;
    });
  }

  /// Ways out other than the end must raise at once.
  bool read_exits() {
    Block end = function_.targets(branch_)[1].block;
    for (Block block : loop_.blocks) {
      if (function_.block(block).region != function_.block(loop_.header).region) return false;
      for (Block next : flow_.successors(block)) {
        if (is_taken(next)) continue;
        if (next == end) {
          if (block != loop_.header) return false;
          continue;
        }
        bool raises = function_.inst(function_.terminator(next)).opcode == Opcode::kRaise;
        if (!raises || !std::ranges::all_of(flow_.predecessors(next), [&](Block from) { return inside(from); }))
          return false;
        raising_.push_back(next);
      }
    }
    std::vector<Block> blocks = loop_.blocks;
    blocks.insert(blocks.end(), raising_.begin(), raising_.end());
    std::ranges::sort(blocks, {}, [&](Block block) { return flow_.position(block); });
    found_.iterations.blocks = std::move(blocks);
    return true;
  }

  bool starts_from_zero() const {
    return all_arguments(false, [&](Value argument) { return is_zero(argument, 4); });
  }

  /// A constant, maybe handed over by blocks before the loop.
  bool is_zero(Value value, int depth) const {
    if (function_.constant(value)) return whole::is(function_, value, 0);
    const ir::ValueData& data = function_.value(value);
    if (!data.is_param || depth == 0) return false;
    Block block(data.definer);
    if (flow_.predecessors(block).empty()) return false;
    for (Block from : flow_.predecessors(block))
      for (const BlockCall& call : function_.targets(function_.terminator(from)))
        if (call.block == block && !is_zero(function_.arguments(call)[data.index], depth - 1)) return false;
    return true;
  }

  bool steps_by_one() const {
    return all_arguments(true, [&](Value argument) {
      Inst sum = function_.defining_inst(argument);
      if (!sum || !is_op(sum, ScalarOp::kAdd)) return false;
      std::span<const Value> operands = function_.operands(sum);
      return operands[0] == found_.iterations.counter && whole::is(function_, operands[1], 1);
    });
  }

  /// What the header gets from inside of the loop, or from outside.
  template <class Holds>
  bool all_arguments(bool from_inside, Holds&& holds) const {
    for (Block from : flow_.predecessors(loop_.header)) {
      if (inside(from) != from_inside) continue;
      for (const BlockCall& call : function_.targets(function_.terminator(from)))
        if (call.block == loop_.header && !holds(function_.arguments(call)[found_.counter])) return false;
    }
    return true;
  }

  bool computes_for_others() const {
    auto used_outside = [&](Value value) {
      return std::ranges::any_of(uses_.of(value), [&](const ir::Use& use) {
        if (use.inst == branch_ && use.target == 1) return true;
        return !is_taken(function_.inst(use.inst).block);
      });
    };
    // Accumulators may be used: they are the nest's results.
    if (used_outside(found_.iterations.counter)) return true;
    return std::ranges::any_of(loop_.blocks, [&](Block block) {
      return (block != loop_.header && std::ranges::any_of(function_.block(block).params, used_outside)) ||
             std::ranges::any_of(function_.block(block).insts,
                                 [&](Inst inst) { return std::ranges::any_of(function_.results(inst), used_outside); });
    });
  }

  bool is_op(Inst inst, ScalarOp op) const {
    return function_.inst(inst).opcode == Opcode::kOp && function_.inst(inst).imm == static_cast<uint32_t>(op);
  }
  bool is_integer(Value value) const { return function_.type(value) == function_.universe().types.weak_int(); }
  bool inside(Block block) const { return loops_.innermost(block) == id_; }
  bool is_taken(Block block) const { return inside(block) || std::ranges::find(raising_, block) != raising_.end(); }
  bool inside(Value value) const {
    const ir::ValueData& data = function_.value(value);
    return inside(data.is_param ? Block(data.definer) : function_.inst(Inst(data.definer)).block);
  }

  const Function& function_;
  const ir::ControlFlow& flow_;
  const ir::Loops& loops_;
  const ir::Uses& uses_;
  const ir::Loop id_;
  const ir::LoopData& loop_;
  Inst branch_;
  CountedLoop found_;
  std::vector<Block> raising_;  // reached from the loop alone, they do nothing but raise
};

}  // namespace

std::optional<CountedLoop> counted_loop(const Function& function, const ir::ControlFlow& flow, const ir::Loops& loops,
                                        const ir::Uses& uses, ir::Loop loop) {
  auto is_its_own = [&](Block block) { return loops.innermost(block) == loop; };
  bool innermost = std::ranges::all_of(loops[loop].blocks, is_its_own);
  return innermost ? Reader(function, flow, loops, uses, loop).read() : std::nullopt;
}

namespace {

/// Gives each edge to the header that comes from one of `blocks` another target, without the counter.
void redirect(Function& function, const CountedLoop& counted, std::span<const Block> blocks, Block to) {
  for (Block from : blocks) {
    for (BlockCall& call : function.targets(function.terminator(from))) {
      if (call.block != counted.loop.header) continue;
      std::vector<Value> arguments(function.arguments(call).begin(), function.arguments(call).end());
      arguments.erase(arguments.begin() + counted.counter);
      call.block = to;
      function.set_arguments(call, arguments);
    }
  }
}

/// A block with parameters for the accumulators.
Block add_block(Function& function, const CountedLoop& counted, ir::Region region) {
  Block block = function.add_block(region);
  for (Value accumulator : counted.iterations.accumulators)
    function.add_param(block, function.type(accumulator), function.value(accumulator).name);
  return block;
}

void jump(ir::Builder& builder, const BlockCall& call) {
  std::span<const Value> arguments = builder.function().arguments(call);
  builder.jump(call.block, std::vector<Value>(arguments.begin(), arguments.end()));
}

}  // namespace

Inst make_nest(Function& function, const CountedLoop& counted) {
  Block header = counted.loop.header;
  ir::Region region = function.block(header).region;
  Inst branch = function.terminator(header);
  const BlockCall inner = function.targets(branch)[0], behind = function.targets(branch)[1];
  support::SideTable<Block, uint8_t> moves;
  for (Block block : counted.iterations.blocks) moves[block] = 1;
  std::erase_if(function.region(region).blocks, [&](Block block) { return moves[block] != 0; });
  const std::vector<Block> outside = function.region(region).blocks;
  Block before = add_block(function, counted, region);
  redirect(function, counted, outside, before);

  ir::Builder builder(function);
  builder.set_source(function.inst(branch).source);
  builder.position(before);
  ir::NestData data;  // what combines accumulators matters where they are cut
  data.reductions.assign(counted.iterations.accumulators.size(), {ScalarOp::kSelect});
  Inst nest =
      builder.nest(std::move(data), std::array{counted.count}, std::vector<Value>(function.block(before).params));
  jump(builder, behind);

  ir::Region body = ir::nest_body(function, nest);
  Block entry = function.region(body).blocks.front();
  for (Block block : counted.iterations.blocks) {
    function.block(block).region = body;
    function.region(body).blocks.push_back(block);
  }
  function.block(header).insts.pop_back();
  builder.position(header);
  jump(builder, inner);
  builder.position(entry);
  builder.jump(header);
  Block end = add_block(function, counted, body);
  builder.position(end);
  builder.yield(std::vector<Value>(function.block(end).params));
  redirect(function, counted, counted.loop.latches, end);

  // The header's parameters are the nest's inside, and its results behind it.
  ir::ValueMap inside, results;
  inside.set(counted.iterations.counter, function.block(entry).params[0]);
  for (size_t i = 0; i < counted.iterations.accumulators.size(); ++i) {
    Value accumulator = counted.iterations.accumulators[i], result = function.results(nest)[i];
    function.value(result).name = function.value(accumulator).name;
    inside.set(accumulator, function.block(entry).params[i + 1]);
    results.set(accumulator, result);
  }
  function.block(header).params.clear();
  ir::replace_uses(function, body, inside);
  ir::replace_uses(function, results);
  return nest;
}

}  // namespace metate::transform
