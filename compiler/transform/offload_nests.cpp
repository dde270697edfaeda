#include "compiler/transform/offload_nests.h"

#include "compiler/ir/analysis/walk.h"
#include "compiler/transform/nests/device_obstacle.h"
#include "compiler/transform/nests/far_numbers.h"
#include "compiler/transform/nests/partials.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::NestMode;

std::optional<DeviceObstacle> reduction_obstacle(const ir::Function& function, Inst nest) {
  const ir::NestData& data = function.nests[function.inst(nest).imm];
  for (size_t i = 0; i < data.reductions.size(); ++i)
    if (!Partials::possible(function, nest, i)) return DeviceObstacle{"a reduction that has to go in order", nest};
  return std::nullopt;
}

void decide(ir::Function& function, ir::Region region, const CalleeBodies* callees) {
  for (ir::Block block : function.region(region).blocks)
    for (Inst inst : function.block(block).insts) {
      ir::Region body = ir::nest_body(function, inst);
      if (!body) continue;
      ir::NestData& nest = function.nests[function.inst(inst).imm];
      if (nest.mode == NestMode::kSerial) decide(function, body, callees);
      if (nest.mode != NestMode::kParallel) continue;
      std::optional<DeviceObstacle> obstacle = reduction_obstacle(function, inst);
      if (!obstacle) obstacle = device_obstacle(function, body, callees);
      if (!obstacle) {
        nest.mode = NestMode::kDevice;
        continue;
      }
      nest.obstacle = function.universe().symbols.intern(obstacle->what);
      nest.obstacle_at = function.inst(obstacle->at).source;
    }
}

}  // namespace

void offload_nests(ir::Function& function, PassContext& context) {
  if (!function.options.offload || !function.options.parallel) return;
  decide(function, function.body(), context.callees);
  fetch_numbers(function);
}

}  // namespace metate::transform
