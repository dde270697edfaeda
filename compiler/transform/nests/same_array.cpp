#include "compiler/transform/nests/same_array.h"

#include <unordered_set>

#include "compiler/ir/analysis/walk.h"

namespace metate::transform {
namespace {

using ir::Inst;
using ir::Opcode;
using ir::Value;

/// The values that take the place of a result or block parameter.
struct Sources {
  const ir::Function& function;
  std::vector<Value> found;
  bool known = true;

  void of(Value value) {
    if (function.value(value).is_param) return of_parameter(value);
    Inst inst = function.defining_inst(value);
    ir::Region body = ir::nest_body(function, inst);
    if (!body) {
      known = false;
      return;
    }
    uint32_t index = function.value(value).index;
    size_t rank = function.nests[function.inst(inst).imm].rank;
    found.push_back(function.operands(inst)[rank + index]);
    add_yielded(body, index);
  }

  void of_parameter(Value parameter) {
    ir::Block block(function.value(parameter).definer);
    uint32_t index = function.value(parameter).index;
    ir::Region region = function.block(block).region;
    for (ir::Block from : function.region(region).blocks)
      for (const ir::BlockCall& call : function.targets(function.terminator(from)))
        if (call.block == block) found.push_back(function.arguments(call)[index]);
    if (function.region(region).blocks.front() != block) return;
    Inst owner = function.region(region).owner;
    size_t rank = owner ? function.nests[function.inst(owner).imm].rank : 0;
    if (!owner || index < rank) {
      known = false;
      return;
    }
    found.push_back(function.operands(owner)[index]);
    add_yielded(region, index - static_cast<uint32_t>(rank));
  }

  void add_yielded(ir::Region body, uint32_t index) {
    for (ir::Block block : function.region(body).blocks)
      if (Inst last = function.terminator(block); function.inst(last).opcode == Opcode::kYield)
        found.push_back(function.operands(last)[index]);
  }
};

}  // namespace

bool hands_on_same_array(const ir::Function& function, Inst nest, size_t index) {
  ir::Region body = ir::nest_body(function, nest);
  size_t rank = function.nests[function.inst(nest).imm].rank;
  Value accumulator = function.block(function.region(body).blocks.front()).params[rank + index];
  Sources sources{function, {}};
  sources.add_yielded(body, static_cast<uint32_t>(index));
  std::unordered_set<Value> seen{accumulator};
  while (sources.known && !sources.found.empty()) {
    Value value = sources.found.back();
    sources.found.pop_back();
    if (seen.insert(value).second) sources.of(value);
  }
  return sources.known;
}

}  // namespace metate::transform
