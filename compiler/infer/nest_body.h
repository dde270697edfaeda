// nest_body – nests written by inference: a builder's way into the body and out again.
#pragma once

#include "compiler/infer/writer.h"

namespace metate::infer {

/// A nest whose body is being written: the writer stands in it.
class NestBody {
 public:
  NestBody(Writer& writer, ir::NestData data, std::span<const Value> extents, std::span<const Value> initial = {});

  std::span<const Value> indices() const { return indices_; }
  std::span<const Value> accumulators() const { return accumulators_; }

  /// Ends the body; the writer stands behind the nest again. Gives the final accumulators.
  std::span<const Value> close(std::span<const Value> accumulators = {});

 private:
  Writer& w_;
  ir::Block behind_;
  ir::Inst nest_;
  std::vector<Value> indices_, accumulators_;
};

}  // namespace metate::infer
