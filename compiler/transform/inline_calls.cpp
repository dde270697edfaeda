#include "compiler/transform/inline_calls.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/ir/analysis/control_flow.h"
#include "compiler/ir/analysis/walk.h"
#include "compiler/ir/builder.h"
#include "compiler/ir/edit/clone.h"
#include "compiler/ir/edit/dead_code.h"
#include "compiler/ir/edit/rewrite.h"

namespace metate::transform {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using ir::Value;

constexpr size_t kSmall = 40;          // instructions that compute something, of a function that is inlined
constexpr size_t kSmallIfAsked = 400;  // the same where the decorator says inline="always"
constexpr size_t kMostGrowth = 4000;   // instructions that one function gets in this way

bool may_move(const ir::Function& callee, Inst inst) {
  const ir::InstData& data = callee.inst(inst);
  switch (data.opcode) {
    case Opcode::kJump:
    case Opcode::kBranch:
    case Opcode::kReturn:
    case Opcode::kRaise:
    case Opcode::kCheck:
    case Opcode::kCheckBound:
    case Opcode::kIndex:
    case Opcode::kLoad:
    case Opcode::kStore:
      return true;
    case Opcode::kLocal:  // one a call
      return false;
    default:
      return ir::info(data.opcode).effects == ir::kPure;
  }
}

bool computes(const ir::Function& function, Inst inst) {
  const Opcode opcode = function.inst(inst).opcode;
  return opcode != Opcode::kConst && opcode != Opcode::kCast && opcode != Opcode::kDim;
}

/// A number, nothing, or a tuple of such: no array, whose owners would have to be counted.
bool is_plain(const ir::Universe& universe, ir::TypeId id) {
  const types::Type& type = universe.types[id];
  if (type.kind == types::TypeKind::kTuple)
    return std::ranges::all_of(type.elements, [&](ir::TypeId element) { return is_plain(universe, element); });
  return type.kind == types::TypeKind::kScalar || type.kind == types::TypeKind::kConstant;
}

/// Whether a function is small and simple, whoever calls it.
bool is_simple(const ir::Function& callee) {
  if (callee.stage != ir::Stage::kLoop || !is_plain(callee.universe(), callee.return_type)) return false;
  size_t size = 0;
  const ir::ControlFlow flow(callee);
  for (Block block : callee.region(callee.body()).blocks) {
    size += static_cast<size_t>(
        std::ranges::count_if(callee.block(block).insts, [&](Inst inst) { return computes(callee, inst); }));
    if (callee.block(block).handler || size > (callee.options.always_inline ? kSmallIfAsked : kSmall)) return false;
    for (Inst inst : callee.block(block).insts)
      if (!may_move(callee, inst)) return false;
    for (Block next : flow.successors(block))
      if (flow.position(next) <= flow.position(block)) return false;  // a loop
  }
  return true;
}

bool has_same_meaning(const ir::FunctionOptions& caller, const ir::FunctionOptions& callee) {
  return caller.fastmath == callee.fastmath && caller.boundscheck == callee.boundscheck &&
         caller.kernel == callee.kernel && caller.kernel_rank == callee.kernel_rank;
}

class Inliner {
 public:
  Inliner(ir::Function& function, const CalleeBodies& callees) : function_(function), callees_(callees) {}

  void run() {
    std::vector<Inst> calls;
    ir::walk_insts(function_, [&](Inst inst) {
      if (function_.inst(inst).opcode == Opcode::kCall) calls.push_back(inst);
    });
    const size_t most = function_.inst_count() + kMostGrowth;
    for (Inst call : calls) {
      const ir::Function* callee = find(call);
      if (callee && function_.inst_count() + callee->inst_count() <= most) inline_call(call, *callee);
    }
    if (!any_) return;
    ir::replace_uses(function_, results_);
    ir::remove_dead_code(function_);
  }

 private:
  const ir::Function* find(Inst call) {
    const ir::CalleeRef& reference = function_.callees[function_.inst(call).imm];
    const ir::Function* callee = callees_.body(reference);
    if (!callee || callee == &function_ || !has_same_meaning(function_.options, callee->options)) return nullptr;
    auto [simple, fresh] = simple_.try_emplace(reference.specialisation, false);
    if (fresh) simple->second = is_simple(*callee);
    if (!simple->second) return nullptr;
    std::span<const Value> operands = function_.operands(call);
    bool fits = std::ranges::equal(operands, callee->params(), [&](Value operand, Value param) {
      return function_.type(operand) == callee->type(param);
    });
    return fits && function_.results(call).size() <= 1 ? callee : nullptr;
  }

  void inline_call(Inst call, const ir::Function& callee) {
    any_ = true;
    const Block block = function_.inst(call).block;
    std::vector<Inst>& insts = function_.block(block).insts;
    const auto at = static_cast<size_t>(std::ranges::find(insts, call) - insts.begin());
    ir::RegionCloner cloner(callee, function_, function_.inst(call).source);
    const Block entry = callee.entry();
    if (callee.inst(callee.terminator(entry)).opcode == Opcode::kReturn) {
      inline_straight(call, callee, cloner, at);
    } else {
      inline_blocks(call, callee, cloner, at);
    }
  }

  /// Between the instructions around the call.
  void inline_straight(Inst call, const ir::Function& callee, ir::RegionCloner& cloner, size_t at) {
    const Block block = function_.inst(call).block;
    std::vector<Inst>& insts = function_.block(block).insts;
    const std::vector<Inst> rest(insts.begin() + static_cast<std::ptrdiff_t>(at) + 1, insts.end());
    insts.resize(at);
    for (size_t i = 0; i < callee.params().size(); ++i) cloner.map(callee.params()[i], function_.operands(call)[i]);
    const std::vector<Inst>& body = callee.block(callee.entry()).insts;
    for (size_t i = 0; i + 1 < body.size(); ++i) cloner.clone(body[i], block);
    std::vector<Inst>& extended = function_.block(block).insts;
    extended.insert(extended.end(), rest.begin(), rest.end());
    set_result(call, cloner(callee.operands(body.back())[0]));
  }

  void inline_blocks(Inst call, const ir::Function& callee, ir::RegionCloner& cloner, size_t at) {
    const Block block = function_.inst(call).block;
    const Block rest = ir::split_block(function_, block, at + 1);
    function_.block(block).insts.pop_back();
    const ir::Region region = function_.block(block).region;
    const size_t before = function_.region(region).blocks.size();
    const Block entry = cloner.clone(callee.body(), region, function_.block(block).handler);
    ir::Builder builder(function_);
    builder.set_source(function_.inst(call).source);
    builder.position(block);
    builder.jump(entry, std::vector<Value>(function_.operands(call).begin(), function_.operands(call).end()));
    set_result(call, function_.add_param(rest, callee.return_type));
    const std::vector<Block> blocks = function_.region(region).blocks;
    for (size_t i = before; i < blocks.size(); ++i) {
      const Inst last = function_.terminator(blocks[i]);
      if (function_.inst(last).opcode != Opcode::kReturn) continue;
      const Value result = function_.operands(last)[0];
      function_.block(blocks[i]).insts.pop_back();
      builder.position(blocks[i]);
      builder.jump(rest, std::vector<Value>{result});
    }
  }

  void set_result(Inst call, Value value) {
    if (function_.results(call).empty()) return;
    const Value result = function_.result(call);
    if (!function_.value(value).name) function_.value(value).name = function_.value(result).name;
    results_.set(result, value);
  }

  ir::Function& function_;
  const CalleeBodies& callees_;
  std::unordered_map<uint32_t, bool> simple_;  // by specialisation
  ir::ValueMap results_;
  bool any_ = false;
};

}  // namespace

void inline_calls(ir::Function& function, PassContext& context) {
  if (context.callees) Inliner(function, *context.callees).run();
}

}  // namespace metate::transform
