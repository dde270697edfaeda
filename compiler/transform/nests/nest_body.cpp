#include "compiler/transform/nests/nest_body.h"

#include <utility>

#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/edit/clone.h"

namespace metate::transform {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Value;

void NestBody::copy(ir::Builder& builder, std::span<const Value> parameters, const Finish& finish) const {
  ir::Region into = function_.block(builder.block()).region;
  auto first = static_cast<ptrdiff_t>(function_.region(into).blocks.size());
  Block entry = ir::RegionCloner(function_, function_).clone(ir::nest_body(function_, nest_), into);
  const std::vector<Block>& blocks = function_.region(into).blocks;
  enter(builder, entry, parameters, std::vector<Block>(blocks.begin() + first, blocks.end()), finish);
}

void NestBody::move(ir::Builder& builder, std::span<const Value> parameters, const Finish& finish) const {
  ir::Region into = function_.block(builder.block()).region;
  std::vector<Block> blocks = std::exchange(function_.region(ir::nest_body(function_, nest_)).blocks, {});
  for (Block block : blocks) {
    function_.block(block).region = into;
    function_.region(into).blocks.push_back(block);
  }
  enter(builder, blocks.front(), parameters, blocks, finish);
}

void NestBody::enter(ir::Builder& builder, Block entry, std::span<const Value> parameters,
                     std::span<const Block> blocks, const Finish& finish) const {
  builder.jump(entry, parameters);
  for (Block block : blocks) {
    Inst last = function_.terminator(block);
    if (function_.inst(last).opcode != Opcode::kYield) continue;
    std::vector<Value> accumulators(function_.operands(last).begin(), function_.operands(last).end());
    function_.block(block).insts.pop_back();
    builder.position(block);
    finish(accumulators);
  }
}

}  // namespace metate::transform
