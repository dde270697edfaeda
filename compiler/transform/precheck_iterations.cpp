#include "compiler/transform/precheck_iterations.h"

#include <algorithm>
#include <utility>

#include "compiler/ir/edit/dead_code.h"
#include "compiler/ir/edit/rewrite.h"
#include "compiler/transform/prechecks/block_nest.h"
#include "compiler/transform/prechecks/counted_loop.h"
#include "compiler/transform/prechecks/sufficient.h"

namespace metate::transform {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Region;
using ir::Value;

struct Candidate {
  Inst nest;  // or
  CountedLoop loop;
  std::vector<CheckSlice::Pair> apart;
};

bool can_fail(const ir::Function& function, Inst inst) {
  return function.inst(inst).opcode == Opcode::kCheck || function.inst(inst).opcode == Opcode::kRaise;
}

/// Looks at all loops before any changes: they have nothing in common but what stands before them.
class Finder {
 public:
  explicit Finder(const ir::Function& function)
      : function_(function),
        flow_(function),
        loops_(function, flow_, ir::Dominators(function, flow_)),
        uses_(function) {}

  std::vector<Candidate> run() {
    for (uint32_t loop = 0; loop < loops_.all().size(); ++loop)
      if (std::optional<CountedLoop> counted = counted_loop(function_, flow_, loops_, uses_, ir::Loop(loop)))
        add({.nest = {}, .loop = *counted, .apart = {}}, counted->iterations);
    ir::walk_insts(function_, [&](Inst inst) {
      if (Region body = ir::nest_body(function_, inst)) look_at(inst, body);
    });
    return std::move(found_);
  }

 private:
  void look_at(Inst nest, Region body) {
    const ir::NestData& data = function_.nests[function_.inst(nest).imm];
    if (data.rank == 0 || data.mode == ir::NestMode::kDevice) return;
    std::span<const Block> order = flow_.reverse_postorder(body);
    std::span<const Value> params = function_.block(order.front()).params;
    Iterations iterations{.blocks = {order.begin(), order.end()},
                          .counter = params[data.rank - 1u],
                          .accumulators = {params.begin() + data.rank, params.end()},
                          .header = {}};
    add({.nest = nest, .loop = {}, .apart = {}}, iterations);
  }

  void add(Candidate candidate, const Iterations& iterations) {
    bool may_fail = std::ranges::any_of(iterations.blocks, [&](Block block) {
      return std::ranges::any_of(function_.block(block).insts, [&](Inst inst) { return can_fail(function_, inst); });
    });
    if (!may_fail) return;
    CheckSlice slice(function_, flow_, iterations);
    if (!slice.possible()) return;
    candidate.apart = slice.apart();
    found_.push_back(std::move(candidate));
  }

  const ir::Function& function_;
  ir::ControlFlow flow_;
  ir::Loops loops_;
  ir::Uses uses_;
  std::vector<Candidate> found_;
};

}  // namespace

void precheck_iterations(ir::Function& function, PassContext&) {
  if (function.options.kernel) return;
  ir::erase_if(function, [&](Inst inst) {
    return function.inst(inst).opcode == Opcode::kCheck && holds_always(function, function.operands(inst)[0]);
  });
  bool any = false;
  ir::walk_insts(function, [&](Inst inst) { any |= can_fail(function, inst); });
  if (!any) return;

  for (const Candidate& candidate : Finder(function).run()) {
    Inst nest = candidate.nest ? candidate.nest : make_nest(function, candidate.loop);
    BlockNest(function, nest).write(candidate.apart);
  }
  ir::remove_dead_code(function);
}

}  // namespace metate::transform
