// block_nest – a nest with checks becomes one over blocks of iterations, which are checked first and run then.
#pragma once

#include "compiler/transform/nests/nest_body.h"
#include "compiler/transform/prechecks/check_slice.h"

namespace metate::transform {

class BlockNest {
 public:
  BlockNest(ir::Function& function, ir::Inst nest);

  /// Puts it in the nest's place; the nest loses its body. Where arrays of a pair meet, nothing is checked before.
  void write(std::span<const CheckSlice::Pair> apart);

 private:
  using Values = std::vector<ir::Value>;

  ir::Value worth_it(std::span<const CheckSlice::Pair> apart);
  uint32_t grain() const;
  Values write_block(Values outer, const Values& accumulators, ir::Value worth);
  // Of `count_` iterations of the innermost axis from `begin_` on, at one place of the outer ones.
  ir::Value check(const Values& outer);
  ir::Value collect_checks(ir::Block block, ir::Value so_far);
  Values run(const Values& outer, const Values& accumulators, bool checked);
  void remove_checks(std::span<const ir::Block> blocks);
  ir::Value counter(ir::Value index);

  ir::Function& function_;
  ir::Builder builder_;
  ir::Inst nest_;
  const ir::NestData data_;
  NestBody body_;
  ir::Value extent_;  // of the innermost axis, which is cut
  ir::Value begin_, count_;
};

}  // namespace metate::transform
