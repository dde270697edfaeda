#include "compiler/infer/emit.h"

#include <algorithm>

#include "compiler/infer/convert.h"
#include "compiler/infer/explain.h"
#include "compiler/infer/operation.h"

namespace metate::infer {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;

class Emitter {
 public:
  Emitter(const ir::Function& untyped, const Solution& solution, ir::Function& typed, CalleeProvider& callees,
          support::Diagnostics& diagnostics)
      : f_(untyped),
        solution_(solution),
        typed_(typed),
        writer_(typed, callees),
        explainer_(untyped, solution, diagnostics) {}

  bool run() {
    for (Block block : solution_.order)
      if (!check_params(block)) return false;
    const TypeId none = writer_.universe().type_of(none_id());
    const TypeId result = solution_.result.type ? solution_.result.type : none;
    if (writer_.callees().is_launched() && (solution_.result.conflict || result != none)) {
      explainer_.returns_value();
      return false;
    }
    if (solution_.result.conflict) {
      explainer_.return_types();
      return false;
    }
    typed_.return_type = result;
    emit_region(f_.body(), typed_.add_block(typed_.body()));
    return ok_;
  }

 private:
  ConstantId none_id() { return writer_.universe().constants.none(); }

  /// Paths that bring types without a join are no error as long as nobody asks for the value.
  bool check_params(Block block) {
    if (!solution_.reachable[block]) return true;
    for (Value param : f_.block(block).params) {
      if (!solution_.values[param].conflict || !solution_.needed[param]) continue;
      explainer_.cannot_unify(param);
      return false;
    }
    return true;
  }

  void emit_region(ir::Region region, Block entry) {
    std::vector<Block> order;
    for (Block block : solution_.order)
      if (f_.block(block).region == region && solution_.reachable[block]) order.push_back(block);
    bool is_body = region == f_.body();
    for (Block block : order) {
      bool is_entry = block == order.front();
      blocks_[block] = is_entry ? entry : typed_.add_block(typed_.block(entry).region);
      if (!is_entry || is_body) add_params(block, is_entry);
    }
    for (Block block : order)
      if (Block handler = f_.block(block).handler) typed_.block(blocks_[block]).handler = blocks_[handler];
    for (Block block : order) {
      if (!ok_) return;
      writer_.builder().position(blocks_[block]);
      emit_block(block);
    }
  }

  void add_params(Block block, bool all) {
    for (Value param : f_.block(block).params) {
      const Known& known = solution_.values[param];
      bool varies = known.known() && !is_whole(known, writer_.universe());
      if (all || (solution_.needed[param] && varies))
        params_[param] = typed_.add_param(blocks_[block], known.type, f_.value(param).name);
    }
  }

  void emit_block(Block block) {
    writer_.builder().set_source(0);
    for (Value param : f_.block(block).params)
      if (const Known& known = solution_.values[param]; solution_.needed[param] && known.known())
        map_[param] = materialise(writer_, known, params_[param]);
    for (Inst inst : f_.block(block).insts) {
      writer_.builder().set_source(f_.inst(inst).source);
      emit_inst(inst);
      if (!ok_) return;
      if (solution_.always_unbound[block] == inst) {
        writer_.builder().emit(Opcode::kUnreachable, 0, {}, {});
        return;
      }
    }
  }

  std::vector<Value> mapped(std::span<const Value> values) {
    std::vector<Value> result;
    for (Value value : values) result.push_back(map_[value]);
    return result;
  }

  void emit_inst(Inst inst) {
    switch (f_.inst(inst).opcode) {
      case Opcode::kJump:
        return jump(f_.targets(inst)[0]);
      case Opcode::kBranch:
        return branch(inst);
      case Opcode::kReturn:
        return writer_.builder().ret(convert(writer_, map_[f_.operands(inst)[0]], typed_.return_type));
      case Opcode::kYield:
        return yield(inst);
      case Opcode::kNest:
        return nest(inst);
      case Opcode::kReraise:
      case Opcode::kUnreachable:
        writer_.builder().emit(f_.inst(inst).opcode, 0, {}, {});
        return;
      case Opcode::kCheckBound:
        if (writer_.constant_integer(map_[f_.operands(inst)[0]]) != 1)
          writer_.builder().emit(Opcode::kCheckBound, f_.inst(inst).imm, mapped(f_.operands(inst)), {});
        return;
      case Opcode::kUndef:
        return;  // its type is the type of the parameter that it goes to
      default:
        return operation(inst);
    }
  }

  void operation(Inst inst) {
    Value result = write_operation(writer_, f_, inst, mapped(f_.operands(inst)));
    if (writer_.failure()) {
      explainer_.failed(inst, *writer_.failure());
      ok_ = false;
    } else if (!f_.results(inst).empty()) {
      Value name_of = f_.result(inst);
      METATE_ASSERT(result && writer_.type_id(result) == solution_.values[name_of].type);
      if (!typed_.value(result).name) typed_.value(result).name = f_.value(name_of).name;
      map_[name_of] = result;
    }
  }

  // Edges.
  std::vector<Value> edge_arguments(const ir::BlockCall& target) {
    std::vector<Value> result;
    std::span<const Value> arguments = f_.arguments(target);
    for (size_t i = 0; i < arguments.size(); ++i) {
      Value param = params_[f_.block(target.block).params[i]];
      if (!param) continue;
      TypeId type = typed_.type(param);
      Value value = map_[arguments[i]];
      result.push_back(value ? convert(writer_, value, type) : writer_.undef(type));
    }
    return result;
  }

  bool needs_code(const ir::BlockCall& target) {
    std::span<const Value> arguments = f_.arguments(target);
    for (size_t i = 0; i < arguments.size(); ++i) {
      Value param = params_[f_.block(target.block).params[i]];
      Value value = map_[arguments[i]];
      if (param && (!value || typed_.type(value) != typed_.type(param))) return true;
    }
    return false;
  }

  void jump(const ir::BlockCall& target) { writer_.builder().jump(blocks_[target.block], edge_arguments(target)); }

  void branch(Inst inst) {
    std::span<const ir::BlockCall> targets = f_.targets(inst);
    if (std::optional<size_t> only = solution_.decided(f_, inst, writer_.universe())) return jump(targets[*only]);
    // Conversions may raise, so they are done on their own edge only.
    Block from = writer_.builder().block();
    std::array<Block, 2> destination;
    std::array<std::vector<Value>, 2> arguments;
    for (size_t i = 0; i < 2; ++i) {
      destination[i] = blocks_[targets[i].block];
      if (!needs_code(targets[i])) {
        arguments[i] = edge_arguments(targets[i]);
        continue;
      }
      destination[i] = writer_.new_block();
      writer_.builder().position(destination[i]);
      jump(targets[i]);
      writer_.builder().position(from);
    }
    writer_.builder().branch(map_[f_.operands(inst)[0]], destination[0], arguments[0], destination[1], arguments[1]);
  }

  // Nests.
  void nest(Inst inst) {
    ir::NestData data = f_.nests[f_.inst(inst).imm];
    Block entry = f_.region(data.body).blocks.front();
    std::vector<Value> extents, initial;
    for (Value extent : f_.operands(inst).first(data.rank)) extents.push_back(to_weak_int(writer_, map_[extent]));
    for (size_t i = 0; i < data.reductions.size(); ++i)
      initial.push_back(convert(writer_, map_[f_.operands(inst)[data.rank + i]],
                                solution_.values[f_.block(entry).params[data.rank + i]].type));
    Inst typed = writer_.builder().nest(data, extents, initial);
    Block outer = writer_.builder().block();
    Block body = typed_.region(typed_.nests[typed_.inst(typed).imm].body).blocks.front();
    for (size_t i = 0; i < f_.block(entry).params.size(); ++i) {
      params_[f_.block(entry).params[i]] = typed_.block(body).params[i];
      typed_.value(typed_.block(body).params[i]).name = f_.value(f_.block(entry).params[i]).name;
    }
    emit_region(data.body, body);
    writer_.builder().position(outer);
    for (size_t i = 0; i < data.reductions.size(); ++i) {
      Value result = map_[f_.results(inst)[i]] = typed_.results(typed)[i];
      typed_.value(result).name = f_.value(f_.results(inst)[i]).name;
    }
  }

  void yield(Inst inst) {
    Inst owner = f_.region(f_.block(f_.inst(inst).block).region).owner;
    const ir::NestData& data = f_.nests[f_.inst(owner).imm];
    const std::vector<Value>& params = f_.block(f_.region(data.body).blocks.front()).params;
    std::vector<Value> values = mapped(f_.operands(inst));
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = convert(writer_, values[i], solution_.values[params[data.rank + i]].type);
    writer_.builder().yield(values);
  }

  const ir::Function& f_;
  const Solution& solution_;
  ir::Function& typed_;
  Writer writer_;
  Explainer explainer_;
  support::SideTable<Value, Value> map_;     // untyped value -> typed value
  support::SideTable<Value, Value> params_;  // parameters that are parameters still
  support::SideTable<Block, Block> blocks_;
  bool ok_ = true;
};

}  // namespace

std::optional<ir::Function> emit(const ir::Function& untyped, const Solution& solution,
                                 std::span<const TypeId> arguments, CalleeProvider& callees,
                                 const ir::FunctionOptions& options, support::Diagnostics& diagnostics) {
  ir::Function typed(untyped.universe(), untyped.name);
  typed.stage = ir::Stage::kArray;
  typed.options = options;
  typed.sources = untyped.sources;
  if (!Emitter(untyped, solution, typed, callees, diagnostics).run()) return std::nullopt;
  return typed;
}

}  // namespace metate::infer
