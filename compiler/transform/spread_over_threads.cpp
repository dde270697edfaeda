#include "compiler/transform/spread_over_threads.h"

#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/arrays/whole_numbers.h"
#include "compiler/transform/nests/body_cost.h"
#include "compiler/transform/ranges/loop_versions.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::NestMode;

// Fewer iterations leave threads without work.
constexpr int64_t kManyIterations = 8;

ir::NestData& data(ir::Function& function, Inst nest) { return function.nests[function.inst(nest).imm]; }

void decide(ir::Function& function, ir::Region region, bool threads_are_free);

void decide(ir::Function& function, Inst inst, bool threads_are_free) {
  ir::NestData& nest = data(function, inst);
  if (nest.mode == NestMode::kParallel && !threads_are_free) nest.mode = NestMode::kSerial;
  bool parallel = nest.mode == NestMode::kParallel;
  bool spread = parallel || nest.mode == NestMode::kDevice;
  if (parallel && nest.grain == ir::NestData().grain)
    if (std::optional<uint32_t> cost = body_cost(function, inst)) nest.grain = worth_a_piece(*cost);
  decide(function, nest.body, threads_are_free && !spread);
}

void decide(ir::Function& function, ir::Region region, bool threads_are_free) {
  for (ir::Block block : function.region(region).blocks)
    for (Inst inst : function.block(block).insts)
      if (ir::nest_body(function, inst)) decide(function, inst, threads_are_free);
}

/// Nests of array expressions with others inside that could have the threads as well: reductions of rows.
std::vector<Inst> find_rows(ir::Function& function) {
  std::vector<Inst> found;
  for (ir::Block block : function.region(function.body()).blocks)
    for (Inst inst : function.block(block).insts) {
      ir::Region body = ir::nest_body(function, inst);
      if (!body || data(function, inst).mode != NestMode::kParallel || !data(function, inst).independent) continue;
      bool inner = false;
      ir::walk_insts(function, body, [&](Inst other) {
        inner |= ir::nest_body(function, other) && data(function, other).mode == NestMode::kParallel;
      });
      if (inner) found.push_back(inst);
    }
  return found;
}

/// Few rows are done one after the other, each by all threads. The copy made here is what many rows run.
void version_rows(ir::Function& function, Inst nest) {
  std::span<const ir::Value> operands = function.operands(nest);
  const std::vector<ir::Value> extents(operands.begin(), operands.begin() + data(function, nest).rank);
  auto are_few = [&](ir::Builder& builder) {
    ir::Value rows = whole::product(builder, extents);
    ir::Value few = whole::less(builder, rows, builder.constant_int(kManyIterations));
    return few ? few : builder.constant_bool(true);
  };
  version_nest(function, nest, are_few, ir::BranchHint::kNone);
  data(function, nest).mode = NestMode::kSerial;
}

}  // namespace

void spread_over_threads(ir::Function& function, PassContext&) {
  if (function.options.parallel)
    for (Inst nest : find_rows(function)) version_rows(function, nest);
  decide(function, function.body(), function.options.parallel);
}

}  // namespace metate::transform
