// fold_loops – the loops of reductions, in the order in which the elements lie in memory.
#include <algorithm>

#include "compiler/transform/arrays/array_lowering.h"
#include "compiler/transform/arrays/storage.h"
#include "compiler/transform/arrays/whole_numbers.h"

namespace metate::transform {
namespace {

using ir::NestMode;
using ir::Value;
using types::DType;

/// Accumulators in memory that are kept in the first-level cache while rows are added to them.
constexpr int64_t kColumnsAtOnce = 1024;

}  // namespace

Value ArrayLowering::combine(const Fold& fold, Value accumulator, Value element) {
  return builder_.op(fold.combine, {accumulator, element}, function_.type(accumulator));
}

types::Layout ArrayLowering::layout_of(std::span<const Value> read) const {
  for (Value array : read)
    if (function_.type_data(storage_of(function_, array)).layout == types::Layout::kF) return types::Layout::kF;
  return types::Layout::kC;
}

Value ArrayLowering::fold_all(const Fold& fold, const Reduced& reduced, std::span<const Value> read) {
  ElementArrays elements(builder_, extents_, reduced.shape, {read.begin(), read.end()});
  types::Layout layout = layout_of(read);
  auto write = [&](ElementForm form) {
    ElementViews views = elements.prepare(form);
    if (views.extents().empty()) {
      ElementCode code(builder_, expressions_, views.at({}));
      return combine(fold, fold.initial, fold.element(code, {}));
    }
    ir::NestData data{.mode = NestMode::kParallel, .independent = true, .reductions = {{fold.combine}}};
    NestWriter nest(builder_, data, views.extents(), axes_as_they_lie(views.extents().size(), layout),
                    std::array{fold.initial});
    ElementCode code(builder_, expressions_, views.at(nest.indices()));
    Value element = fold.element(code, nest.indices());
    return nest.close(std::array{combine(fold, nest.accumulators()[0], element)})[0];
  };
  ElementForm form = elements.aligned_form();
  // Only in C order is the place in memory the position.
  if (reduced.needs_positions && layout != types::Layout::kC) form = ElementForm::kAligned;
  return fold.finish(either(
      elements.aligned(), function_.type(fold.initial), [&] { return write(form); },
      [&] { return write(ElementForm::kBroadcast); }));
}

/// None where the elements are no single row, in which the place is the position.
std::optional<Value> ArrayLowering::position_of_all(const PositionFold& fold, const Reduced& reduced,
                                                    std::span<const Value> read) {
  ElementArrays elements(builder_, extents_, reduced.shape, {read.begin(), read.end()});
  bool flat = elements.aligned_form() == ElementForm::kFlat && layout_of(read) == types::Layout::kC;
  if (reduced.shape.empty() || (reduced.shape.size() != 1 && (!flat || elements.aligned()))) return std::nullopt;
  auto write = [&](ElementForm form) {
    ElementViews views = elements.prepare(form);
    return first_extreme(builder_, fold.extreme, views.extents()[0], [&](Value index) {
      ElementCode code(builder_, expressions_, views.at(std::array{index}));
      return fold.element(code);
    });
  };
  return either(
      elements.aligned(), builder_.universe().types.weak_int(), [&] { return write(elements.aligned_form()); },
      [&] { return write(ElementForm::kBroadcast); });
}

/// Each result is the place in a row of its own; the axis that goes away is the last.
void ArrayLowering::positions_into(Value target, const PositionFold& fold, const Reduced& reduced,
                                   std::span<const Value> read) {
  ElementArrays elements(builder_, extents_, reduced.shape, {read.begin(), read.end()});
  in_versions(elements, [&](ElementForm form) {
    if (form == ElementForm::kFlat) form = ElementForm::kAligned;
    ElementViews views = elements.prepare(form);
    std::vector<Value> kept(reduced.shape.begin(), reduced.shape.end() - 1);
    NestWriter rows(builder_, {.mode = NestMode::kParallel, .independent = true}, kept,
                    axes_as_they_lie(kept.size(), types::Layout::kC));
    Value position = first_extreme(builder_, fold.extreme, reduced.shape.back(), [&](Value index) {
      std::vector<Value> indices = rows.indices();
      indices.push_back(index);
      ElementCode code(builder_, expressions_, views.at(indices));
      return fold.element(code);
    });
    std::vector<Value> place = rows.indices();
    if (reduced.keepdims) place.push_back(builder_.constant_int(0));
    builder_.store(builder_.cast(position, builder_.universe().types.scalar(DType::kI64)), target, place);
    rows.close();
  });
}

/// The loops over the elements of one form, for a result that is an array.
class ArrayLowering::FoldLoops {
 public:
  FoldLoops(ArrayLowering& lowering, Value target, Value sums, const Fold& fold, const Reduced& reduced,
            ElementViews views, types::Layout layout)
      : l_(lowering),
        builder_(lowering.builder_),
        target_(target),
        sums_(sums),
        fold_(fold),
        reduced_(reduced),
        views_(std::move(views)),
        indices_(reduced.shape.size()),
        order_(axes_as_they_lie(reduced.shape.size(), layout)) {}

  void write() { reduced_.is_reduced[order_.back()] ? write_rows() : write_columns(); }

 private:
  using Axes = std::vector<uint8_t>;

  bool is_reduced(uint8_t axis) const { return reduced_.is_reduced[axis]; }
  Axes axes(bool reduced) const {
    Axes found;
    for (uint8_t axis : order_)
      if (is_reduced(axis) == reduced) found.push_back(axis);
    return found;
  }

  /// A nest over some axes, in their order; their indices are set in it. Over none there is no nest.
  std::optional<NestWriter> open(ir::NestData data, const Axes& axes, std::span<const Value> initial = {}) {
    if (axes.empty()) return std::nullopt;
    std::vector<Value> extents;
    for (uint8_t axis : axes) extents.push_back(reduced_.shape[axis]);
    NestWriter nest(builder_, std::move(data), extents, axes_as_they_lie(axes.size(), types::Layout::kC), initial);
    for (size_t i = 0; i < axes.size(); ++i) indices_[axes[i]] = nest.indices()[i];
    return nest;
  }
  void close(std::optional<NestWriter>& nest) {
    if (nest) nest->close();
  }

  Value element() {
    ElementCode code(builder_, l_.expressions_, views_.at(indices_));
    return fold_.element(code, indices_);
  }

  Access result_place(Value array) {
    Access place{array, {}};
    for (uint8_t axis = 0; axis < indices_.size(); ++axis) {
      if (!is_reduced(axis))
        place.indices.push_back(indices_[axis]);
      else if (reduced_.keepdims)
        place.indices.push_back(builder_.constant_int(0));
    }
    return place;
  }

  void write_rows();
  void write_columns();
  /// Some columns of the last axis, while the axes in front of the first reduced one stand still.
  struct Block {
    Axes inner;
    uint8_t last;
    Value begin, count;
  };
  void combine_block(const Block& block);
  void at_each(const Block& block, const Axes& axes, const std::function<void()>& write);

  ArrayLowering& l_;
  ir::Builder& builder_;
  Value target_, sums_;  // sums_: the accumulators' own array, where their dtype differs
  const Fold& fold_;
  const Reduced& reduced_;
  ElementViews views_;
  std::vector<Value> indices_;  // by axis, of the nests that are open
  Axes order_;
};

/// The last axis in memory goes away: each result is a reduction of its own.
void ArrayLowering::FoldLoops::write_rows() {
  std::optional<NestWriter> results = open({.mode = NestMode::kParallel, .independent = true}, axes(false));
  std::optional<NestWriter> row =
      open({.mode = NestMode::kParallel, .independent = true, .reductions = {{fold_.combine}}}, axes(true),
           std::array{fold_.initial});
  Value sum = l_.combine(fold_, row->accumulators()[0], element());
  Value result = fold_.finish(row->close(std::array{sum})[0]);
  store_element(builder_, result, result_place(target_));
  close(results);
}

/// The last axis in memory stays: rows are combined with a row of accumulators, as many columns at once as the cache
/// holds well. Kept axes in front of the first reduced one only repeat that.
void ArrayLowering::FoldLoops::write_columns() {
  auto first = std::ranges::find_if(order_, [&](uint8_t axis) { return is_reduced(axis); });
  Axes outer(order_.begin(), first), inner(first, order_.end() - 1);
  uint8_t last = order_.back();
  Value at_once = builder_.constant_int(kColumnsAtOnce);
  Value rounding = builder_.constant_int(kColumnsAtOnce - 1);
  Value blocks = whole::floor_divide(builder_, whole::add(builder_, reduced_.shape[last], rounding), at_once);

  std::vector<Value> extents;
  for (uint8_t axis : outer) extents.push_back(reduced_.shape[axis]);
  extents.push_back(blocks);
  NestWriter nest(builder_, {.mode = NestMode::kParallel, .independent = true}, extents,
                  axes_as_they_lie(extents.size(), types::Layout::kC));
  for (size_t i = 0; i < outer.size(); ++i) indices_[outer[i]] = nest.indices()[i];
  Block block{
      .inner = std::move(inner), .last = last, .begin = whole::multiply(builder_, nest.indices().back(), at_once)};
  block.count = whole::minimum(builder_, at_once, whole::subtract(builder_, reduced_.shape[last], block.begin));
  combine_block(block);
  nest.close();
}

void ArrayLowering::FoldLoops::combine_block(const Block& block) {
  Axes kept;
  std::ranges::copy_if(block.inner, std::back_inserter(kept), [&](uint8_t axis) { return !is_reduced(axis); });
  at_each(block, kept, [&] { store_element(builder_, fold_.initial, result_place(sums_)); });
  at_each(block, block.inner, [&] {
    Access place = result_place(sums_);
    store_element(builder_, l_.combine(fold_, load_element(builder_, place), element()), place);
  });
  if (sums_ == target_ && !fold_.has_finish) return;
  at_each(block, kept, [&] {
    Value sum = load_element(builder_, result_place(sums_));
    store_element(builder_, fold_.finish(sum), result_place(target_));
  });
}

/// Code at all places of `axes` and the columns of a block, those innermost.
void ArrayLowering::FoldLoops::at_each(const Block& block, const Axes& axes, const std::function<void()>& write) {
  std::optional<NestWriter> rows = open({.mode = NestMode::kSerial}, axes);
  NestWriter columns(builder_, {.mode = NestMode::kSerial, .independent = true}, std::array{block.count},
                     std::array{uint8_t{0}});
  indices_[block.last] = whole::add(builder_, block.begin, columns.indices()[0]);
  write();
  columns.close();
  close(rows);
}

void ArrayLowering::fold_into(Value target, const Fold& fold, const Reduced& reduced, std::span<const Value> read) {
  ElementArrays elements(builder_, extents_, reduced.shape, {read.begin(), read.end()});
  types::Layout layout = layout_of(read);
  types::Type type = function_.type_data(target);
  Value sums = target;
  if (DType dtype = function_.type_data(fold.initial).dtype; dtype != type.dtype)
    sums = builder_.emit_value(ir::Opcode::kAlloc, 0, reduced.result_shape,
                               builder_.universe().types.array(dtype, type.ndim, types::Layout::kC));
  in_versions(elements, [&](ElementForm form) {
    if (form == ElementForm::kFlat) form = ElementForm::kAligned;
    FoldLoops(*this, target, sums, fold, reduced, elements.prepare(form), layout).write();
  });
}

}  // namespace metate::transform
