#include "compiler/transform/spread_over_threads.h"

#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/nests/body_cost.h"

namespace metate::transform {
namespace {

void decide(ir::Function& function, ir::Region region, bool threads_are_free) {
  for (ir::Block block : function.region(region).blocks)
    for (ir::Inst inst : function.block(block).insts) {
      ir::Region body = ir::nest_body(function, inst);
      if (!body) continue;
      ir::NestData& nest = function.nests[function.inst(inst).imm];
      if (nest.mode == ir::NestMode::kParallel && !threads_are_free) nest.mode = ir::NestMode::kSerial;
      bool parallel = nest.mode == ir::NestMode::kParallel;
      if (parallel && nest.grain == ir::NestData().grain)
        if (std::optional<uint32_t> cost = body_cost(function, inst)) nest.grain = worth_a_piece(*cost);
      decide(function, body, threads_are_free && !parallel);
    }
}

}  // namespace

void spread_over_threads(ir::Function& function, PassContext&) {
  decide(function, function.body(), function.options.parallel);
}

}  // namespace metate::transform
