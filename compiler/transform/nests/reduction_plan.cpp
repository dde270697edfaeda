#include "compiler/transform/nests/reduction_plan.h"

#include <algorithm>

#include "compiler/transform/arrays/nest_writer.h"
#include "compiler/transform/arrays/whole_numbers.h"
#include "compiler/transform/nests/body_cost.h"

namespace metate::transform {
namespace {

using ir::Block;
using ir::NestMode;
using ir::Value;

// 512 bytes of float64: vectors of every CPU divide it, and four of the longest hide the latency of an addition.
constexpr int64_t kLanes = 32;
constexpr int64_t kLeastVector = 4;

// More chunks share out better among threads, but they are combined one after the other. Copies of arrays take memory.
constexpr int64_t kMostChunks = 256;
constexpr int64_t kMostArrayChunks = 32;

// Fewer iterations of a body without loops are not worth a chunk.
constexpr int64_t kLeastElements = 4096;

std::vector<uint8_t> in_order_of(size_t axes) { return axes_as_they_lie(axes, types::Layout::kC); }

}  // namespace

ReductionPlan::ReductionPlan(ir::Builder& builder, ir::Inst nest)
    : builder_(builder),
      function_(builder.function()),
      data_(function_.nests[function_.inst(nest).imm]),
      body_(function_, nest),
      cost_(body_cost(function_, nest)) {
  std::span<const Value> operands = function_.operands(nest);
  extents_.assign(operands.begin(), operands.begin() + rank());
  for (size_t i = 0; i < data_.reductions.size(); ++i) partials_.emplace_back(function_, nest, i);
  bool scalars = std::ranges::none_of(partials_, &Partials::is_array);
  lanes_needed_ = cost_.has_value() && scalars && std::ranges::any_of(partials_, &Partials::rounds);
}

ReductionPlan::Values ReductionPlan::write() {
  for (Value& extent : extents_) extent = whole::maximum(builder_, extent, builder_.constant_int(0));
  cut();
  for (Partials& partials : partials_) partials.allocate(builder_, chunks_);
  ir::NestData data{.mode = data_.mode,
                    .independent = data_.independent,
                    .grain = grain(),
                    .obstacle = data_.obstacle,
                    .obstacle_at = data_.obstacle_at,
                    .unfused = data_.unfused};
  NestWriter nest(builder_, std::move(data), std::array{chunks_}, in_order_of(1));
  chunk_ = nest.indices()[0];
  Value begin = whole::multiply(builder_, chunk_, length_);
  Value count = whole::minimum(builder_, length_, whole::subtract(builder_, extents_[0], begin));
  Values values = chunk(begin, count);
  for (size_t i = 0; i < partials_.size(); ++i) partials_[i].keep(builder_, values[i], chunk_);
  nest.close();
  Values results;
  for (Partials& partials : partials_) results.push_back(partials.combine(builder_, chunks_));
  return results;
}

/// By the extents alone. All divisors are constants but one, and whatever is divided is not negative.
void ReductionPlan::cut() {
  bool arrays = std::ranges::any_of(partials_, &Partials::is_array);
  auto rounded_up = [&](Value a, Value b) {
    Value more = whole::subtract(builder_, b, builder_.constant_int(1));
    return whole::floor_divide(builder_, whole::add(builder_, a, more), b);
  };
  Value least = builder_.constant_int(cost_ && !arrays ? kLeastElements : 1);
  if (cost_ && rank() > 1) {
    Value row = whole::product(builder_, std::span(extents_).subspan(1));
    least = rounded_up(least, whole::maximum(builder_, row, builder_.constant_int(1)));
  }
  Value most = builder_.constant_int(arrays ? kMostArrayChunks : kMostChunks);
  length_ = whole::maximum(builder_, least, rounded_up(extents_[0], most));
  if (lanes_needed_ && rank() == 1) {
    Value lanes = builder_.constant_int(kLanes);
    length_ = whole::multiply(builder_, rounded_up(length_, lanes), lanes);
  }
  chunks_ = rounded_up(extents_[0], length_);
  for (Partials& partials : partials_) partials.set_most_chunks(arrays ? kMostArrayChunks : kMostChunks);
}

/// Of chunks, which are full wherever there are several.
uint32_t ReductionPlan::grain() const { return cost_ ? worth_a_piece(uint64_t{*cost_} * kLeastElements) : 1; }

ReductionPlan::Values ReductionPlan::starts() {
  Values values;
  for (Partials& partials : partials_) values.push_back(partials.start(builder_, chunk_));
  return values;
}

ReductionPlan::Values ReductionPlan::chunk(Value begin, Value count) {
  return lanes_needed_ ? in_lanes(begin, count) : in_order(begin, count);
}

/// Exact operations may be reordered by whoever likes, and loops in the body leave nothing to do for lanes.
ReductionPlan::Values ReductionPlan::in_order(Value begin, Value count) {
  Values extents = extents_;
  extents[0] = count;
  ir::NestData data{.independent = data_.independent, .reductions = data_.reductions};
  NestWriter nest(builder_, std::move(data), extents, in_order_of(rank()), starts());
  Values parameters = nest.indices();
  parameters[0] = whole::add(builder_, begin, parameters[0]);
  parameters.insert(parameters.end(), nest.accumulators().begin(), nest.accumulators().end());
  body_.move(builder_, parameters, [&](std::span<const Value> values) { builder_.yield(values); });
  return nest.leave();
}

ReductionPlan::Values ReductionPlan::in_lanes(Value begin, Value count) {
  for (const Partials& partials : partials_) {
    ir::TypeId array =
        builder_.universe().types.array(partials.dtype(), 1, types::Layout::kC, true, types::MemorySpace::kPrivate);
    lanes_.push_back(builder_.emit_value(ir::Opcode::kLocal, kLanes, {builder_.constant_int(kLanes)}, array));
  }
  Value row = rank() == 1 ? count : extents_.back();
  Value blocks = whole::floor_divide(builder_, row, builder_.constant_int(kLanes));
  Value rest = whole::subtract(builder_, row, whole::multiply(builder_, blocks, builder_.constant_int(kLanes)));
  Value some = whole::less(builder_, builder_.constant_int(0), blocks);

  // Short rows use no lanes: combined with neutral elements they would be the same.
  ir::Region region = function_.block(builder_.block()).region;
  Block clear = function_.add_block(region), fold = function_.add_block(region);
  builder_.branch(some, clear, {}, fold, {});
  builder_.position(clear);
  clear_lanes();
  builder_.jump(fold);
  builder_.position(fold);
  Values totals = rows(begin, count, blocks, rest);
  Block combine = function_.add_block(region), done = function_.add_block(region);
  builder_.branch(some, combine, {}, done, totals);
  builder_.position(combine);
  Values lanes = combine_lanes();
  for (size_t i = 0; i < lanes.size(); ++i) lanes[i] = partials_[i].combine(builder_, lanes[i], totals[i]);
  builder_.jump(done, lanes);
  builder_.position(done);
  Values results;
  for (const Partials& partials : partials_) results.push_back(function_.add_param(done, partials.type()));
  return results;
}

ReductionPlan::Values ReductionPlan::rows(Value begin, Value count, Value blocks_a_row, Value rest_of_row) {
  if (rank() == 1) {
    blocks({}, begin, blocks_a_row);
    Value done = whole::multiply(builder_, blocks_a_row, builder_.constant_int(kLanes));
    return rest({}, whole::add(builder_, begin, done), rest_of_row, starts());
  }
  Values extents(extents_.begin(), extents_.end() - 1);
  extents[0] = count;
  ir::NestData data{.independent = data_.independent, .reductions = data_.reductions};
  NestWriter nest(builder_, std::move(data), extents, in_order_of(extents.size()), starts());
  Values row = nest.indices();
  row[0] = whole::add(builder_, begin, row[0]);
  blocks(row, builder_.constant_int(0), blocks_a_row);
  Value done = whole::multiply(builder_, blocks_a_row, builder_.constant_int(kLanes));
  Values totals = rest(row, done, rest_of_row, nest.accumulators());
  return nest.close(totals);
}

void ReductionPlan::blocks(const Values& row, Value begin, Value blocks) {
  NestWriter nest(builder_, {.independent = data_.independent, .lanes = true},
                  std::array{blocks, builder_.constant_int(kLanes)}, in_order_of(2));
  Value block = nest.indices()[0], lane = nest.indices()[1];
  Value first = whole::add(builder_, begin, whole::multiply(builder_, block, builder_.constant_int(kLanes)));
  Values parameters = row;
  parameters.push_back(whole::add(builder_, first, lane));
  for (size_t i = 0; i < lanes_.size(); ++i)
    parameters.push_back(builder_.cast(builder_.load(lanes_[i], std::array{lane}), partials_[i].type()));
  body_.copy(builder_, parameters, [&](std::span<const Value> values) {
    for (size_t i = 0; i < lanes_.size(); ++i) builder_.store(values[i], lanes_[i], std::array{lane});
    builder_.yield({});
  });
  nest.leave();
}

ReductionPlan::Values ReductionPlan::rest(const Values& row, Value begin, Value count, const Values& initial) {
  ir::NestData data{.independent = data_.independent, .reductions = data_.reductions};
  NestWriter nest(builder_, std::move(data), std::array{count}, in_order_of(1), initial);
  Values parameters = row;
  parameters.push_back(whole::add(builder_, begin, nest.indices()[0]));
  parameters.insert(parameters.end(), nest.accumulators().begin(), nest.accumulators().end());
  body_.move(builder_, parameters, [&](std::span<const Value> values) { builder_.yield(values); });
  return nest.leave();
}

void ReductionPlan::clear_lanes() {
  NestWriter nest(builder_, {.independent = true, .lanes = true}, std::array{builder_.constant_int(kLanes)},
                  in_order_of(1));
  for (size_t i = 0; i < lanes_.size(); ++i) builder_.store(partials_[i].neutral(builder_), lanes_[i], nest.indices());
  nest.close();
}

/// Lane l takes in lane l + half, for half = 16, 8, 4, 2, 1. Steps that fill a vector are nests of lanes, the last ones
/// stand alone: LLVM looks at no more than a hundred uses of the lanes when it asks whether they have other names.
ReductionPlan::Values ReductionPlan::combine_lanes() {
  for (int64_t half = kLanes / 2; half > 0; half /= 2) {
    if (half >= kLeastVector) {
      NestWriter nest(builder_, {.independent = true, .lanes = true}, std::array{builder_.constant_int(half)},
                      in_order_of(1));
      take_in(nest.indices()[0], half);
      nest.close();
    } else {
      for (int64_t i = 0; i < half; ++i) take_in(builder_.constant_int(i), half);
    }
  }
  Values results;
  for (size_t i = 0; i < lanes_.size(); ++i) results.push_back(lane(i, builder_.constant_int(0)));
  return results;
}

void ReductionPlan::take_in(Value index, int64_t half) {
  Value other = whole::add(builder_, index, builder_.constant_int(half));
  for (size_t i = 0; i < lanes_.size(); ++i)
    builder_.store(partials_[i].combine(builder_, lane(i, index), lane(i, other)), lanes_[i], std::array{index});
}

Value ReductionPlan::lane(size_t i, Value index) {
  return builder_.cast(builder_.load(lanes_[i], std::array{index}), partials_[i].type());
}

}  // namespace metate::transform
