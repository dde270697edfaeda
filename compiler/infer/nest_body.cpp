#include "compiler/infer/nest_body.h"

namespace metate::infer {

NestBody::NestBody(Writer& w, ir::NestData data, std::span<const Value> extents, std::span<const Value> initial)
    : w_(w), behind_(w.builder().block()) {
  data.rank = static_cast<uint8_t>(extents.size());
  nest_ = w.builder().nest(std::move(data), extents, initial);
  ir::Function& function = w.function();
  ir::Block entry = function.region(function.nests[function.inst(nest_).imm].body).blocks.front();
  std::span<const Value> params = function.block(entry).params;
  indices_.assign(params.begin(), params.begin() + static_cast<ptrdiff_t>(extents.size()));
  accumulators_.assign(params.begin() + static_cast<ptrdiff_t>(extents.size()), params.end());
  w.builder().position(entry);
}

std::span<const Value> NestBody::close(std::span<const Value> accumulators) {
  w_.builder().yield(accumulators);
  w_.builder().position(behind_);
  return w_.function().results(nest_);
}

}  // namespace metate::infer
