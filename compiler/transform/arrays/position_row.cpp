#include "compiler/transform/arrays/position_row.h"

#include <array>
#include <limits>

#include "compiler/transform/arrays/whole_numbers.h"
#include "compiler/transform/nests/device_obstacle.h"

namespace metate::transform {
namespace {

using ir::Builder;
using ir::NestMode;
using ir::Value;
using ops::ScalarOp;

// Few blocks, so that little is left to do with their extremes, and long enough to be worth vectors.
constexpr int64_t kMostBlocks = 256;
constexpr int64_t kLeastLength = 4096;
constexpr uint32_t kGrain = 2;  // blocks that are worth a thread

class PositionRow {
 public:
  using Element = std::function<Value(Value index)>;

  PositionRow(Builder& builder, const Extreme& extreme, Value count, const Element& element)
      : builder_(builder), extreme_(extreme), count_(count), element_(element) {}

  Value write() {
    type_ = builder_.function().type(extreme_.neutral);
    length_ = whole::maximum(builder_, integer(kLeastLength), rounded_up(count_, integer(kMostBlocks)));
    Value blocks = rounded_up(count_, length_);
    Value extremes = storage(blocks);
    write_extremes(blocks, extremes);
    auto [best, block] = first_best(blocks, extremes);
    return place_of(best, block);
  }

 private:
  /// Of a function for a device, and not in a loop of it: the nests will be kernels.
  bool is_cut_into_kernels() const {
    const ir::Function& function = builder_.function();
    return function.options.offload && !may_be_in_kernel(function, function.block(builder_.block()).region);
  }

  /// For what blocks give. There are never more than kMostBlocks, so the frame has room for it; but no kernel reaches
  /// the frame.
  Value storage(Value blocks) {
    types::TypeTable& types = builder_.universe().types;
    const types::DType dtype = types[type_].dtype;
    if (is_cut_into_kernels())
      return builder_.emit_value(ir::Opcode::kAlloc, 0, {blocks}, types.array(dtype, 1, types::Layout::kC));
    return builder_.emit_value(ir::Opcode::kLocal, kMostBlocks, {integer(kMostBlocks)},
                               types.array(dtype, 1, types::Layout::kC, true, types::MemorySpace::kPrivate));
  }

  Value integer(int64_t value) { return builder_.constant_int(value); }
  Value rounded_up(Value a, Value b) {
    return whole::floor_divide(builder_, whole::add(builder_, a, whole::subtract(builder_, b, integer(1))), b);
  }
  Value begin_of(Value block) { return whole::multiply(builder_, block, length_); }
  Value length_of(Value begin) { return whole::minimum(builder_, length_, whole::subtract(builder_, count_, begin)); }

  void write_extremes(Value blocks, Value extremes) {
    NestWriter nest(builder_, {.mode = NestMode::kParallel, .independent = true, .grain = kGrain}, std::array{blocks},
                    std::array{uint8_t{0}});
    Value begin = begin_of(nest.indices()[0]);
    NestWriter row(builder_, {.mode = NestMode::kParallel, .independent = true, .reductions = {{extreme_.combine}}},
                   std::array{length_of(begin)}, std::array{uint8_t{0}}, std::array{extreme_.neutral});
    Value element = element_(whole::add(builder_, begin, row.indices()[0]));
    Value found = row.close(std::array{builder_.op(extreme_.combine, {row.accumulators()[0], element}, type_)})[0];
    builder_.store(found, extremes, nest.indices());
    nest.close();
  }

  std::pair<Value, Value> first_best(Value blocks, Value extremes) {
    NestWriter nest(builder_, {.reductions = {{extreme_.combine}, {ScalarOp::kSelect}}}, std::array{blocks},
                    std::array{uint8_t{0}}, std::array{extreme_.neutral, integer(0)});
    Value best = nest.accumulators()[0], found = builder_.load(extremes, nest.indices());
    Value better = comes_before(found, best);
    std::vector<Value> results =
        nest.close(std::array{builder_.op(ScalarOp::kSelect, {better, found, best}, type_),
                              builder_.op(ScalarOp::kSelect, {better, nest.indices()[0], nest.accumulators()[1]},
                                          builder_.function().type(count_))});
    return {results[0], results[1]};
  }

  /// In numbers of 32 bits, since vectors of wider ones have no minimum on most CPUs: blocks are shorter than that.
  Value place_of(Value best, Value block) {
    Value begin = begin_of(block);
    ir::TypeId narrow = builder_.universe().types.scalar(types::DType::kI32);
    Value none = builder_.cast(integer(std::numeric_limits<int32_t>::max()), narrow);
    // A block is too little for threads, but its elements may lie where only the device reaches them.
    const NestMode mode = is_cut_into_kernels() ? NestMode::kParallel : NestMode::kSerial;
    NestWriter nest(builder_, {.mode = mode, .independent = true, .reductions = {{ScalarOp::kMinimum}}},
                    std::array{length_of(begin)}, std::array{uint8_t{0}}, std::array{none});
    Value index = nest.indices()[0];
    Value later = comes_before(best, element_(whole::add(builder_, begin, index)));
    Value place = builder_.op(ScalarOp::kSelect, {later, none, builder_.cast(index, narrow)}, narrow);
    Value first = nest.close(std::array{builder_.op(ScalarOp::kMinimum, {nest.accumulators()[0], place}, narrow)})[0];
    return whole::add(builder_, begin, builder_.cast(first, builder_.universe().types.weak_int()));
  }

  Value comes_before(Value a, Value b) {
    return builder_.op(extreme_.before, {a, b}, builder_.universe().types.scalar(types::DType::kBool));
  }

  Builder& builder_;
  const Extreme& extreme_;
  Value count_;
  const Element& element_;
  ir::TypeId type_;
  Value length_;
};

}  // namespace

Value first_extreme(Builder& builder, const Extreme& extreme, Value count,
                    const std::function<Value(Value index)>& element) {
  return PositionRow(builder, extreme, count, element).write();
}

}  // namespace metate::transform
