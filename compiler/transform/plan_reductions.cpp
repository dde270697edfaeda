#include "compiler/transform/plan_reductions.h"

#include <algorithm>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/edit/rewrite.h"
#include "compiler/transform/nests/reduction_plan.h"

namespace metate::transform {
namespace {

/// Inner nests before those around them, whose bodies are copied.
void collect(const ir::Function& function, ir::Region region, std::vector<ir::Inst>& nests) {
  for (ir::Block block : function.region(region).blocks)
    for (ir::Inst inst : function.block(block).insts) {
      ir::Region body = ir::nest_body(function, inst);
      if (!body) continue;
      collect(function, body, nests);
      const ir::NestData& nest = function.nests[function.inst(inst).imm];
      if (nest.mode != ir::NestMode::kSerial && !nest.reductions.empty()) nests.push_back(inst);
    }
}

bool can_be_cut(const ir::Function& function, ir::Inst inst) {
  const ir::NestData& nest = function.nests[function.inst(inst).imm];
  bool possible = nest.rank > 0;
  for (size_t i = 0; i < nest.reductions.size(); ++i) possible &= Partials::possible(function, inst, i);
  return possible;
}

/// The block goes on in a new one, between them stands the plan.
void plan(ir::Function& function, ir::Inst nest, ir::ValueMap& replaced) {
  ir::Block block = function.inst(nest).block;
  const std::vector<ir::Inst>& insts = function.block(block).insts;
  auto at = static_cast<size_t>(std::ranges::find(insts, nest) - insts.begin());
  ir::Block rest = split_block(function, block, at + 1);
  function.block(block).insts.pop_back();

  ir::Builder builder(function);
  builder.position(block);
  builder.set_source(function.inst(nest).source);
  std::vector<ir::Value> results = ReductionPlan(builder, nest).write();
  builder.jump(rest);
  for (size_t i = 0; i < results.size(); ++i) {
    if (!function.value(results[i]).name)
      function.value(results[i]).name = function.value(function.results(nest)[i]).name;
    replaced.set(function.results(nest)[i], results[i]);
  }
}

}  // namespace

void plan_reductions(ir::Function& function, PassContext&) {
  std::vector<ir::Inst> nests;
  collect(function, function.body(), nests);
  for (ir::Inst nest : nests) {
    if (!can_be_cut(function, nest)) {
      function.nests[function.inst(nest).imm].mode = ir::NestMode::kSerial;
      continue;
    }
    ir::ValueMap replaced;
    plan(function, nest, replaced);
    replace_uses(function, replaced);
  }
}

}  // namespace metate::transform
