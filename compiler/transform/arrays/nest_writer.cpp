#include "compiler/transform/arrays/nest_writer.h"

#include <algorithm>
#include <numeric>

namespace metate::transform {

using ir::Value;

NestWriter::NestWriter(ir::Builder& builder, ir::NestData data, std::span<const Value> extents,
                       std::span<const uint8_t> order, std::span<const Value> initial)
    : builder_(builder), behind_(builder.block()), indices_(extents.size()) {
  METATE_ASSERT(order.size() == extents.size());
  data.rank = static_cast<uint8_t>(extents.size());
  std::vector<Value> in_order;
  for (uint8_t axis : order) in_order.push_back(extents[axis]);
  nest_ = builder.nest(std::move(data), in_order, initial);

  const ir::Function& function = builder.function();
  ir::Block entry = function.region(ir::nest_body(function, nest_)).blocks.front();
  std::span<const Value> params = function.block(entry).params;
  for (size_t i = 0; i < order.size(); ++i) indices_[order[i]] = params[i];
  accumulators_.assign(params.begin() + static_cast<ptrdiff_t>(order.size()), params.end());
  builder.position(entry);
}

std::vector<Value> NestWriter::close(std::span<const Value> accumulators) {
  builder_.yield(accumulators);
  return leave();
}

std::vector<Value> NestWriter::leave() {
  builder_.position(behind_);
  std::span<const Value> results = builder_.function().results(nest_);
  return {results.begin(), results.end()};
}

std::vector<uint8_t> axes_as_they_lie(size_t ndim, types::Layout layout) {
  std::vector<uint8_t> axes(ndim);
  std::iota(axes.begin(), axes.end(), uint8_t{0});
  if (layout == types::Layout::kF) std::ranges::reverse(axes);
  return axes;
}

}  // namespace metate::transform
