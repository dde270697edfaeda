// reduction_plan – a parallel nest with reductions becomes chunks, lanes, and the combination of their results.
#pragma once

#include "compiler/transform/nests/nest_body.h"
#include "compiler/transform/nests/partials.h"

namespace metate::transform {

class ReductionPlan {
 public:
  using Values = std::vector<ir::Value>;

  ReductionPlan(ir::Builder& builder, ir::Inst nest);

  /// Writes what takes the nest's place, where the builder stands; gives its results. The nest loses its body.
  Values write();

 private:
  void cut();
  uint32_t grain() const;
  // What a chunk computes: `count` iterations of the outermost axis from `begin` on.
  Values chunk(ir::Value begin, ir::Value count);
  Values in_order(ir::Value begin, ir::Value count);
  Values in_lanes(ir::Value begin, ir::Value count);
  // Of a row, that is the innermost axis at one place of the others, whole blocks of lanes and the elements behind.
  Values rows(ir::Value begin, ir::Value count, ir::Value blocks, ir::Value rest);
  void blocks(const Values& row, ir::Value begin, ir::Value blocks);
  Values rest(const Values& row, ir::Value begin, ir::Value count, const Values& initial);
  void clear_lanes();
  Values combine_lanes();
  void take_in(ir::Value index, int64_t half);
  ir::Value lane(size_t i, ir::Value index);

  unsigned rank() const { return data_.rank; }
  Values starts();

  ir::Builder& builder_;
  ir::Function& function_;
  const ir::NestData data_;
  NestBody body_;
  std::optional<uint32_t> cost_;  // of an iteration; none where the body has loops or calls
  bool lanes_needed_;
  Values extents_;
  std::vector<Partials> partials_;  // by accumulator
  Values lanes_;                    // arrays of kLanes elements, by accumulator
  ir::Value length_, chunks_;       // iterations of the outermost axis in a chunk, and how many chunks there are
  ir::Value chunk_;                 // the one that is being written
};

}  // namespace metate::transform
