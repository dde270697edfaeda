// nest_writer – nests whose axes run in a chosen order.
#pragma once

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/builder.h"

namespace metate::transform {

/// A nest whose body is being written: the builder stands in it.
class NestWriter {
 public:
  /// `extents` by axis; `order` names the axes from the outermost to the innermost.
  NestWriter(ir::Builder& builder, ir::NestData data, std::span<const ir::Value> extents,
             std::span<const uint8_t> order, std::span<const ir::Value> initial = {});

  /// By axis.
  const std::vector<ir::Value>& indices() const { return indices_; }
  const std::vector<ir::Value>& accumulators() const { return accumulators_; }

  /// Ends the body; the builder stands behind the nest again. Gives the final accumulators.
  std::vector<ir::Value> close(std::span<const ir::Value> accumulators = {});
  /// The same where the body has its yields already.
  std::vector<ir::Value> leave();

 private:
  ir::Builder& builder_;
  ir::Block behind_;
  ir::Inst nest_;
  std::vector<ir::Value> indices_, accumulators_;
};

/// Axes from the one with the largest steps in memory to that with the smallest.
std::vector<uint8_t> axes_as_they_lie(size_t ndim, types::Layout layout);

}  // namespace metate::transform
