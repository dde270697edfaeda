#include "compiler/transform/block_rewriter.h"

#include <utility>

namespace metate::transform {

void BlockRewriter::run() {
  rewrite(function_.body());
  ir::replace_uses(function_, replaced_);
}

ir::Block BlockRewriter::new_block() {
  ir::Block handler = function_.block(builder_.block()).handler;
  ir::Block block = function_.add_block(function_.block(builder_.block()).region);
  function_.block(block).handler = handler;
  order_.push_back(block);
  return block;
}

void BlockRewriter::keep(ir::Inst inst) {
  function_.inst(inst).block = builder_.block();
  function_.block(builder_.block()).insts.push_back(inst);
}

void BlockRewriter::rewrite(ir::Region region) {
  std::vector<ir::Block> blocks = function_.region(region).blocks;
  std::vector<ir::Block> outer_order = std::exchange(order_, {});
  for (ir::Block block : blocks) {
    order_.push_back(block);
    builder_.position(block);
    std::vector<ir::Inst> insts = std::exchange(function_.block(block).insts, {});
    for (ir::Inst inst : insts) {
      builder_.set_source(function_.inst(inst).source);
      if (replace(inst)) continue;
      keep(inst);
      ir::Region body = ir::nest_body(function_, inst);
      if (!body) continue;
      ir::Block here = builder_.block();
      rewrite(body);
      builder_.position(here);
    }
  }
  function_.region(region).blocks = std::exchange(order_, std::move(outer_order));
}

}  // namespace metate::transform
