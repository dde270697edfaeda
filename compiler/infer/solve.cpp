#include "compiler/infer/solve.h"

#include <algorithm>

#include "compiler/infer/operation.h"
#include "compiler/infer/scratch.h"
#include "compiler/ir/analysis/control_flow.h"
#include "compiler/ir/analysis/uses.h"
#include "compiler/ir/analysis/walk.h"

namespace metate::infer {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;

class Solver {
 public:
  Solver(const ir::Function& untyped, CalleeProvider& callees, const ir::FunctionOptions& options)
      : f_(untyped), universe_(untyped.universe()), callees_(callees), options_(options) {}

  Solution run(std::span<const TypeId> arguments) {
    append_blocks(ir::ControlFlow(f_), f_.body());
    list_users();
    for (size_t i = 0; i < arguments.size(); ++i) set(f_.params()[i], {.type = arguments[i]});
    reach(f_.entry());
    settle();
    if (solution_.waits_for_callee && !solution_.result.type) guess_branches();
    find_needed();
    return std::move(solution_);
  }

 private:
  void append_blocks(const ir::ControlFlow& flow, ir::Region region) {
    for (Block block : flow.reverse_postorder(region)) {
      solution_.order.push_back(block);
      for (Inst inst : f_.block(block).insts)
        if (ir::Region body = ir::nest_body(f_, inst)) append_blocks(flow, body);
    }
  }

  // The worklist: instructions of reached blocks whose operands have changed, visited in order.
  void list_users() {
    for (Block block : solution_.order) {
      for (Inst inst : f_.block(block).insts) {
        ir::for_each_use(f_, inst, [&](Value value, ir::Use) { users_[value].push_back(inst); });
      }
    }
  }

  void settle() {
    while (sweep()) {
    }
  }

  /// All that is known of the result hangs on branches on what recursive calls return: look at both sides.
  void guess_branches() {
    guess_branches_ = true;
    for (Block block : solution_.order) {
      Inst last = f_.terminator(block);
      if (!solution_.reachable[block] || !last) continue;
      pending_[last] = true;
      dirty_[block] = true;
    }
    settle();
  }

  bool sweep() {
    bool progress = false;
    for (Block block : solution_.order) {
      if (!dirty_[block]) continue;
      dirty_[block] = false;
      for (Inst inst : f_.block(block).insts) {
        if (pending_[inst]) {
          pending_[inst] = false;
          progress = true;
          evaluate(block, inst);
        }
        if (solution_.always_unbound[block] == inst) break;
      }
    }
    return progress;
  }

  void reach(Block block) {
    if (solution_.reachable[block]) return;
    solution_.reachable[block] = true;
    for (Inst inst : f_.block(block).insts) pending_[inst] = true;
    dirty_[block] = true;
    if (Block handler = f_.block(block).handler) reach(handler);
  }

  Known known(Value value) const { return solution_.values[value]; }  // a copy: the table grows

  void set(Value value, Known known) {
    if (solution_.values[value] == known) return;
    solution_.values[value] = known;
    for (Inst user : users_[value]) {
      Block block = f_.inst(user).block;
      if (!solution_.reachable[block]) continue;
      pending_[user] = true;
      dirty_[block] = true;
    }
  }

  void join_into(Value value, const Known& more) { set(value, join(known(value), more, universe_)); }

  void evaluate(Block block, Inst inst) {
    switch (f_.inst(inst).opcode) {
      case Opcode::kJump:
      case Opcode::kBranch:
        return follow(inst);
      case Opcode::kReturn:
        if (known(f_.operands(inst)[0]).conflict) return;  // reported where the paths meet
        solution_.result = join(solution_.result, known(f_.operands(inst)[0]), universe_);
        return;
      case Opcode::kYield:
        return join_accumulators(f_.region(f_.block(block).region).owner, f_.operands(inst));
      case Opcode::kNest:
        return enter_nest(inst);
      case Opcode::kCheckBound: {
        const Known& bit = known(f_.operands(inst)[0]);
        bool never = bit.known() && bit.constant == universe_.constants.boolean(false);
        solution_.always_unbound[block] = never ? inst : Inst();
        if (!never) dirty_[block] = true;
        return;
      }
      default:
        return run_dry(inst);
    }
  }

  void follow(Inst inst) {
    std::optional<size_t> only;
    if (f_.inst(inst).opcode == Opcode::kBranch) {
      if (!known(f_.operands(inst)[0]).type && !guess_branches_) return;
      only = solution_.decided(f_, inst, universe_);
    }
    for (size_t i = 0; i < f_.targets(inst).size(); ++i) {
      if (only && *only != i) continue;
      const ir::BlockCall& target = f_.targets(inst)[i];
      reach(target.block);
      std::span<const Value> arguments = f_.arguments(target);
      for (size_t k = 0; k < arguments.size(); ++k) join_into(f_.block(target.block).params[k], known(arguments[k]));
    }
  }

  void enter_nest(Inst inst) {
    const ir::NestData& nest = f_.nests[f_.inst(inst).imm];
    Block entry = f_.region(nest.body).blocks.front();
    reach(entry);
    for (size_t i = 0; i < nest.rank; ++i) set(f_.block(entry).params[i], {.type = universe_.types.weak_int()});
    join_accumulators(inst, f_.operands(inst).subspan(nest.rank));
  }

  void join_accumulators(Inst inst, std::span<const Value> values) {
    const ir::NestData& nest = f_.nests[f_.inst(inst).imm];
    Block entry = f_.region(nest.body).blocks.front();
    for (size_t i = 0; i < values.size(); ++i) {
      Known more = known(values[i]);
      more.constant = {};  // an accumulator varies, else it would be none
      join_into(f_.block(entry).params[nest.rank + i], more);
      set(f_.results(inst)[i], known(f_.block(entry).params[nest.rank + i]));
    }
  }

  void run_dry(Inst inst) {
    std::span<const Value> operands = f_.operands(inst);
    auto is_known = [&](Value value) { return known(value).known(); };
    if (!std::all_of(operands.begin(), operands.end(), is_known)) return;

    if (!scratch_ || scratch_->full()) scratch_.emplace(universe_, callees_, options_, f_.sources);
    Writer& writer = scratch_->writer();
    writer.builder().set_source(f_.inst(inst).source);
    writer.stand_in_nest(f_.block(f_.inst(inst).block).region != f_.body());
    std::vector<Value> typed;
    for (Value operand : operands) {
      const Known& what = known(operand);
      typed.push_back(what.constant ? materialise(writer, what, writer.undef(what.type)) : writer.undef(what.type));
    }
    Value result = write_operation(writer, f_, inst, typed);
    solution_.waits_for_callee |= writer.waits_for_callee();
    if (!f_.results(inst).empty() && result) set(f_.result(inst), known_of(writer, result));
    writer.clear_failure();
    if (writer.builder().terminated()) scratch_->start_block();
  }

  void find_needed() {
    std::vector<Value> work;
    auto need = [&](Value value) {
      if (solution_.needed[value]) return;
      solution_.needed[value] = true;
      work.push_back(value);
    };
    for (Block block : solution_.order) {
      if (!solution_.reachable[block]) continue;
      for (Inst inst : f_.block(block).insts) {
        for (Value operand : f_.operands(inst)) need(operand);
        if (solution_.always_unbound[block] == inst) break;
      }
    }
    // Arguments of the edges to a needed parameter. Terminators are few, so each parameter may look at all of them.
    support::SideTable<Block, std::vector<Inst>> incoming;
    for (Block block : solution_.order)
      if (Inst inst = f_.terminator(block); inst && solution_.reachable[block])
        for (const ir::BlockCall& target : f_.targets(inst)) incoming[target.block].push_back(inst);
    while (!work.empty()) {
      const ir::ValueData value = f_.value(work.back());
      work.pop_back();
      if (!value.is_param) continue;
      for (Inst inst : incoming[Block(value.definer)])
        for (const ir::BlockCall& target : f_.targets(inst))
          if (target.block == Block(value.definer)) need(f_.arguments(target)[value.index]);
    }
  }

  const ir::Function& f_;
  ir::Universe& universe_;
  CalleeProvider& callees_;
  const ir::FunctionOptions& options_;
  Solution solution_;
  std::optional<Scratch> scratch_;
  support::SideTable<Value, std::vector<Inst>> users_;
  support::SideTable<Inst, Flag> pending_;
  support::SideTable<Block, Flag> dirty_;
  bool guess_branches_ = false;
};

}  // namespace

std::optional<size_t> Solution::decided(const ir::Function& untyped, Inst branch, const ir::Universe& universe) const {
  ConstantId constant = values[untyped.operands(branch)[0]].constant;
  if (!constant) return std::nullopt;
  return universe.constants[constant].integer ? 0 : 1;
}

Solution solve(const ir::Function& untyped, std::span<const TypeId> arguments, CalleeProvider& callees,
               const ir::FunctionOptions& options) {
  return Solver(untyped, callees, options).run(arguments);
}

}  // namespace metate::infer
