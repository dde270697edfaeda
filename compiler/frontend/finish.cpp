#include "compiler/frontend/finish.h"

#include <algorithm>

namespace metate::frontend {
namespace {

/// A jump in the draft, with its arguments.
struct Way {
  ir::Block to;
  std::vector<ir::Value> arguments;
};

/// How a block is reached: by how many ways, and whether the first is the only one out of where it starts.
struct Entered {
  uint32_t count = 0;
  bool only = false;
};

struct Finisher {
  const ir::Function& draft;
  const Ssa& ssa;
  const Liveness& live;
  ir::Function result;

  std::vector<std::vector<ir::Value>> params = {};  // by block of the draft: what is kept
  std::vector<std::vector<Way>> ways = {};          // by block of the draft
  std::vector<Entered> entered = {};                // by block of the draft
  std::vector<ir::Value> value_of = {};             // draft → result
  std::vector<ir::Block> block_of = {};
  std::vector<uint32_t> source_of = {};

  Finisher(const ir::Function& from, const Ssa& s, const Liveness& l)
      : draft(from), ssa(s), live(l), result(from.universe(), from.name) {
    result.stage = draft.stage;
    result.options = draft.options;
    params.resize(draft.block_count());
    ways.resize(draft.block_count());
    entered.resize(draft.block_count());
    value_of.resize(draft.value_count());
    block_of.resize(draft.block_count());
    source_of.resize(draft.sources.size());
  }

  ir::Function run() {
    for (uint32_t i = 0; i < draft.block_count(); ++i) find_params(ir::Block(i));
    for (uint32_t i = 0; i < draft.block_count(); ++i) find_ways(ir::Block(i));
    for (uint32_t i = 0; i < draft.block_count(); ++i) pass_arguments(ir::Block(i));
    for (uint32_t i = 0; i < draft.block_count(); ++i) shorten_ways(ir::Block(i));
    copy_region(draft.body(), result.body());
    return std::move(result);
  }

  // 1. What is kept of parameters: those of the function and its nests that still mean themselves, live phis.
  void find_params(ir::Block block) {
    std::vector<const Ssa::Phi*> phis;
    for (ir::Value param : draft.block(block).params) {
      if (const Ssa::Phi* phi = ssa.phi(param)) {
        if (live.phis[static_cast<size_t>(phi - ssa.phis().data())]) phis.push_back(phi);
      } else if (ssa.resolve(param) == param) {
        params[block.index()].push_back(param);
      }
    }
    std::ranges::sort(phis, {}, [](const Ssa::Phi* phi) { return phi->variable; });
    for (const Ssa::Phi* phi : phis) params[block.index()].push_back(phi->value);
  }

  // 2. Jumps and their arguments.
  void find_ways(ir::Block block) {
    if (draft.block(block).insts.empty()) return;
    for (const ir::BlockCall& call : draft.targets(draft.terminator(block)))
      ways[block.index()].push_back({call.block, {}});
  }

  void pass_arguments(ir::Block block) {
    const std::vector<Ssa::Edge>& edges = ssa.edges(block);
    for (ir::Value param : params[block.index()]) {
      const Ssa::Phi* phi = ssa.phi(param);
      if (phi == nullptr) continue;
      for (size_t i = 0; i < edges.size(); ++i)
        ways[edges[i].from.index()][edges[i].target].arguments.push_back(ssa.resolve(phi->arguments[i]));
    }
  }

  // 3. Ways through blocks that do nothing lead to where those go on. The two ways of a branch stay apart where they
  //    bring different arguments to one block.
  void shorten_ways(ir::Block block) {
    std::vector<Way>& from = ways[block.index()];
    for (size_t i = 0; i < from.size(); ++i) {
      for (size_t steps = 0; steps < draft.block_count() && is_idle(from[i].to); ++steps) {
        const Way& next = ways[from[i].to.index()].front();
        if (from.size() == 2 && from[1 - i].to == next.to && from[1 - i].arguments != next.arguments) break;
        from[i] = Way(next);
      }
    }
    if (from.size() == 2 && from[0].to == from[1].to && from[0].arguments == from[1].arguments) from.pop_back();
  }

  bool is_idle(ir::Block block) const {
    const std::vector<ir::Inst>& insts = draft.block(block).insts;
    return params[block.index()].empty() && ways[block.index()].size() == 1 &&
           std::ranges::none_of(insts.begin(), insts.end() - 1, [&](ir::Inst i) { return live.insts[i.index()]; });
  }

  // 4. The copy. Values are made before they are used, since blocks come behind those that dominate them.
  void copy_region(ir::Region from, ir::Region to) {
    std::vector<ir::Block> heads;
    for (ir::Block block : reverse_postorder(draft.region(from).blocks.front())) {
      if (heads.empty() || !runs_on_into(block)) heads.push_back(block);
    }
    for (ir::Block head : heads) {
      ir::Block block = block_of[head.index()] = result.add_block(to);
      for (ir::Value param : params[head.index()]) {
        const ir::ValueData& data = draft.value(param);
        value_of[param.index()] = result.add_param(block, data.type, data.name);
      }
    }
    for (ir::Block head : heads) copy_block(head);
  }

  /// Whether the only way to the block is the only way out of another one.
  bool runs_on_into(ir::Block block) const { return entered[block.index()].only && entered[block.index()].count == 1; }

  std::vector<ir::Block> reverse_postorder(ir::Block entry) {
    struct Visit {
      ir::Block block;
      size_t rest;
    };
    std::vector<ir::Block> order;
    std::vector<Visit> path{{entry, ways[entry.index()].size()}};
    while (!path.empty()) {
      Visit& visit = path.back();
      if (visit.rest == 0) {
        order.push_back(visit.block);
        path.pop_back();
        continue;
      }
      const std::vector<Way>& from = ways[visit.block.index()];
      ir::Block next = from[--visit.rest].to;
      Entered& state = entered[next.index()];
      if (++state.count == 1) {
        state.only = from.size() == 1;
        if (next != entry) path.push_back({next, ways[next.index()].size()});
      }
    }
    std::ranges::reverse(order);
    return order;
  }

  void copy_block(ir::Block head) {
    ir::Block to = block_of[head.index()];
    ir::Block from = head;
    for (;;) {
      const std::vector<ir::Inst>& insts = draft.block(from).insts;
      for (size_t i = 0; i + 1 < insts.size(); ++i)
        if (live.insts[insts[i].index()]) copy_inst(insts[i], to, {});
      const std::vector<Way>& out = ways[from.index()];
      if (out.size() != 1 || !runs_on_into(out[0].to)) break;
      from = out[0].to;
      for (size_t i = 0; i < params[from.index()].size(); ++i)
        value_of[params[from.index()][i].index()] = copied(out[0].arguments[i]);
    }
    copy_terminator(from, to);
  }

  void copy_terminator(ir::Block from, ir::Block to) {
    ir::Inst inst = draft.terminator(from);
    std::vector<ir::BlockCall> targets;
    for (const Way& way : ways[from.index()]) {
      std::vector<ir::Value> arguments;
      for (ir::Value argument : way.arguments) arguments.push_back(copied(argument));
      targets.push_back({block_of[way.to.index()], result.add_values(arguments)});
    }
    bool joined = draft.inst(inst).opcode == ir::Opcode::kBranch && targets.size() == 1;
    if (joined) {
      append(result.make_inst(ir::Opcode::kJump, 0, {}, {}, targets, source(draft.inst(inst).source)), to);
    } else {
      copy_inst(inst, to, targets);
    }
  }

  void copy_inst(ir::Inst inst, ir::Block to, const std::vector<ir::BlockCall>& targets) {
    const ir::InstData data = draft.inst(inst);
    std::vector<ir::Value> operands;
    for (ir::Value operand : draft.operands(inst)) operands.push_back(copied(operand));
    std::vector<ir::TypeId> types;
    for (ir::Value value : draft.results(inst)) types.push_back(draft.type(value));
    ir::Inst copy = result.make_inst(data.opcode, immediate(data), operands, types, targets, source(data.source));
    append(copy, to);
    for (size_t i = 0; i < types.size(); ++i) {
      ir::Value old = draft.results(inst)[i];
      value_of[old.index()] = result.results(copy)[i];
      result.value(result.results(copy)[i]).name = draft.value(old).name;
    }
    if (data.opcode != ir::Opcode::kNest) return;
    ir::Region body = result.add_region(copy);
    result.nests[result.inst(copy).imm].body = body;
    copy_region(draft.nests[data.imm].body, body);
  }

  void append(ir::Inst inst, ir::Block block) {
    result.inst(inst).block = block;
    result.block(block).insts.push_back(inst);
  }

  uint32_t immediate(const ir::InstData& data) {
    switch (ir::info(data.opcode).immediate) {
      case ir::Immediate::kCallShape:
        return ir::Function::add_to(result.call_shapes, ir::CallShape(draft.call_shapes[data.imm]));
      case ir::Immediate::kMessage:
        return ir::Function::add_to(result.messages, ir::Message(draft.messages[data.imm]));
      case ir::Immediate::kNestData:
        return ir::Function::add_to(result.nests, ir::NestData(draft.nests[data.imm]));
      default:  // of those an untyped function has, the others mean themselves
        return data.imm;
    }
  }

  ir::Value copied(ir::Value value) const {
    ir::Value copy = value_of[ssa.resolve(value).index()];
    METATE_ASSERT(copy);
    return copy;
  }

  uint32_t source(uint32_t old) {
    if (old != 0 && source_of[old] == 0)
      source_of[old] = ir::Function::add_to(result.sources, ir::SourcePlace(draft.sources[old]));
    return source_of[old];
  }
};

}  // namespace

ir::Function finish(const ir::Function& draft, const Ssa& ssa, const Liveness& live) {
  return Finisher(draft, ssa, live).run();
}

}  // namespace metate::frontend
