// nest_body – writes the iterations of a nest that is given up into other nests.
#pragma once

#include <functional>

#include "compiler/ir/builder.h"

namespace metate::transform {

class NestBody {
 public:
  NestBody(ir::Function& function, ir::Inst nest) : function_(function), nest_(nest) {}

  /// Writes what follows an iteration, given its new accumulators, and ends the block. Called once for each way to the
  /// iteration's end.
  using Finish = std::function<void(std::span<const ir::Value> accumulators)>;

  /// An iteration, where the builder stands: in the entry of a nest's region, the last thing in it.
  void copy(ir::Builder& builder, std::span<const ir::Value> parameters, const Finish& finish) const;
  /// The same with the body itself; it cannot be copied afterwards.
  void move(ir::Builder& builder, std::span<const ir::Value> parameters, const Finish& finish) const;

 private:
  void enter(ir::Builder& builder, ir::Block entry, std::span<const ir::Value> parameters,
             std::span<const ir::Block> blocks, const Finish& finish) const;

  ir::Function& function_;
  ir::Inst nest_;
};

}  // namespace metate::transform
