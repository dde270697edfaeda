// translate_loops – for loops: counted ones as blocks, those over prange as parallel nests.
#include <algorithm>

#include "compiler/frontend/reductions.h"
#include "compiler/frontend/translator.h"

namespace metate::frontend {

using support::MessageId;

void Translator::get_iter() {
  ir::Value iterable = stack_.pop();
  ir::Value count = emit(ir::Opcode::kIterCount, 0, {iterable});
  stack_.push(Iterator{iterable, count, builder_.constant_int(0)});
}

void Translator::for_iter(FlowBlockId head) {
  const FlowBlock& block = input_.graph[head];
  builder_.set_source(source(block.place));
  if (is_parallel(head)) return open_nest(head);
  stack_.begin(builder_.block(), block.shape);
  Iterator iterator = stack_.iterator();
  ir::Value more =
      emit(ir::Opcode::kPyCompare, static_cast<uint32_t>(ir::PyOperator::kLess), {iterator.index, iterator.count});
  ir::Block from = builder_.block();
  ir::Block next = function_.add_block(function_.block(from).region);
  builder_.branch(truth(more), next, {}, block_of(block.targets[1]), {});
  ssa_.add_edge(from, 0, next);
  ssa_.seal(next);
  connect(from, 1, block.targets[1]);

  // The next item, in a block of its own: what follows may be reached otherwise, too.
  builder_.position(next);
  ir::Value item = emit(ir::Opcode::kIterAt, 0, {iterator.iterable, iterator.index});
  ir::Value one = builder_.constant_int(1);
  ir::Value index = emit(ir::Opcode::kPyBinary, static_cast<uint32_t>(ir::PyOperator::kAdd), {iterator.index, one});
  uint32_t depth = input_.graph.shapes.depth(block.shape);
  ssa_.write(variables_.slot_index(depth), next, index);
  ssa_.write(variables_.slot_value(depth + 1), next, item);
  jump_to(block.targets[0]);
}

// The loops are told by their iterable, which comes from the blocks before the head: they are translated.
bool Translator::is_parallel(FlowBlockId head) {
  if (parallel_ranges_.empty()) return false;
  const FlowBlock& block = input_.graph[head];
  Variable slot = variables_.slot_value(input_.graph.shapes.depth(block.shape));
  bool parallel = false;
  for (FlowBlockId predecessor : block.predecessors) {
    if (predecessor >= head) continue;
    parallel = parallel_ranges_.contains(ssa_.read(slot, blocks_[predecessor.index()]));
    if (!parallel) return false;
  }
  return parallel;
}

void Translator::open_nest(FlowBlockId head) {
  const FlowBlock& block = input_.graph[head];
  ExaminedLoop examined = examine_parallel_loop(input_.graph, input_.code, decoded(), head);
  if (examined.problem) {
    if (examined.problem->malformed) return malformed("a jump into the body of a loop");
    fail(MessageId::kLeavesParallel, examined.problem->place, {examined.problem->statement})
        .notes.push_back({"the prange loop is here", location(block.place)});
    return;
  }

  // The edges back to the head lead to the latch instead.
  ir::Block outer = builder_.block();
  missing_edges_[head.index()] -= examined.loop.back_edges;
  if (examined.loop.back_edges > 0) ssa_.seal(outer);
  stack_.begin(outer, block.shape);
  Iterator iterator = stack_.iterator();

  OpenNest& nest = nests_.emplace_back();
  nest.loop = std::move(examined.loop);
  nest.missing_edges = nest.loop.back_edges;
  nest.outer = outer;
  nest.first_block = static_cast<uint32_t>(function_.block_count());
  nest.first_phi = ssa_.phis().size();
  nest.inst = builder_.nest({.mode = ir::NestMode::kParallel, .rank = 1, .reductions = {}, .body = {}},
                            std::array{iterator.count}, {});
  nest.region = function_.nests[function_.inst(nest.inst).imm].body;
  nest.entry = function_.region(nest.region).blocks.front();
  if (nest.loop.back_edges > 0) nest.latch = function_.add_block(nest.region);
  for (const LoopVariable& variable : nest.loop.variables)
    if (variable.checked) input_.assignments.tracked[variable.variable] = true;
  ssa_.open_region(nest.entry, outer, [this, &nest](Variable variable) { return at_nest_entry(nest, variable); });

  builder_.position(nest.entry);
  ir::Value item = emit(ir::Opcode::kIterAt, 0, {iterator.iterable, function_.block(nest.entry).params[0]});
  ssa_.write(variables_.slot_value(input_.graph.shapes.depth(block.shape) + 1), nest.entry, item);
  jump_to(block.targets[0]);
}

/// What an iteration finds in a variable: accumulators become parameters of the body; what it assigns itself is not
/// bound yet; everything else (an invalid value) is what it is outside.
ir::Value Translator::at_nest_entry(OpenNest& nest, Variable variable) {
  if (!variables_.is_local(variable) && !variables_.is_bound_bit(variable)) return {};
  uint32_t python_variable = variables_.python_variable(variable);
  const LoopVariable* loop_variable = nest.loop.find(python_variable);
  if (loop_variable == nullptr) return {};
  bool accumulates = loop_variable->carried && nest.latch;
  if (variables_.is_bound_bit(variable)) return accumulates ? ir::Value() : false_;
  if (!accumulates) return loop_variable->carried ? ir::Value() : undef_;
  ir::Value param = function_.add_param(nest.entry, universe_.types.unknown(), symbol(variable_name(python_variable)));
  nest.accumulators.push_back({python_variable, param});
  return param;
}

void Translator::close_nest() {
  OpenNest& nest = nests_.back();
  std::vector<ir::Value> yielded;
  std::vector<ir::NestReduction> reductions;
  std::vector<OpenNest::Accumulator> accumulators = settle_accumulators(nest, yielded, reductions);
  if (failed_) return;
  if (nest.latch) {
    builder_.position(nest.latch);
    builder_.set_source(function_.inst(nest.inst).source);
    builder_.yield(yielded);
  }
  function_.nests[function_.inst(nest.inst).imm].reductions = std::move(reductions);
  replace_nest(nest, accumulators);

  // What follows stands in a block of its own, since the body's outer values are those before the nest.
  ir::Block after = function_.add_block(function_.block(nest.outer).region);
  builder_.position(nest.outer);
  builder_.jump(after);
  ssa_.add_edge(nest.outer, 0, after);
  ssa_.seal(after);
  write_after_nest(nest, after, accumulators);
  FlowBlockId exit = input_.graph[nest.loop.head].targets[1];
  ssa_.open_region(nest.entry, nest.outer, [](Variable) { return ir::Value(); });
  nests_.pop_back();
  builder_.position(after);
  jump_to(exit);
}

/// The accumulators that are reductions, with what the body yields for them. Those that no iteration changes are what
/// they were before; others are errors.
std::vector<Translator::OpenNest::Accumulator> Translator::settle_accumulators(
    OpenNest& nest, std::vector<ir::Value>& yielded, std::vector<ir::NestReduction>& reductions) {
  std::vector<OpenNest::Accumulator> kept;
  std::optional<Reductions> uses;
  // Reading one variable where iterations end may find another accumulator.
  for (size_t i = 0; i < nest.accumulators.size(); ++i)
    ssa_.read(variables_.local(nest.accumulators[i].variable), nest.latch);
  for (const OpenNest::Accumulator& accumulator : nest.accumulators) {
    Variable variable = variables_.local(accumulator.variable);
    ir::Value result = ssa_.read(variable, nest.latch);
    if (result == accumulator.param) {
      ssa_.replace(accumulator.param, ssa_.read(variable, nest.outer));
      continue;
    }
    if (!uses) uses.emplace(function_, ssa_, nest.first_block, nest.first_phi);
    ReductionResult reduction = uses->examine(accumulator.param, result);
    if (!reduction.combine) {
      report_carried(*nest.loop.find(accumulator.variable), reduction.offender);
      return {};
    }
    kept.push_back(accumulator);
    yielded.push_back(result);
    reductions.push_back({*reduction.combine});
  }
  return kept;
}

void Translator::report_carried(const LoopVariable& variable, ir::Inst offender) {
  const std::string& name = variable_name(variable.variable);
  support::SourceRange place = offender ? function_.source(offender).range : variable.read;
  support::Diagnostic& diagnostic = fail(MessageId::kCarriedScalar, place, {name});
  if (variable.read.line != place.line)
    diagnostic.notes.push_back({"an iteration reads the value of the one before here", location(variable.read)});
  diagnostic.notes.push_back({"'" + name + "' is assigned here", location(variable.assigned)});
}

// The nest was made when its accumulators were not known.
void Translator::replace_nest(OpenNest& nest, const std::vector<OpenNest::Accumulator>& accumulators) {
  const ir::InstData data = function_.inst(nest.inst);
  std::vector<ir::Value> operands{function_.operands(nest.inst)[0]};
  for (const OpenNest::Accumulator& accumulator : accumulators)
    operands.push_back(ssa_.read(variables_.local(accumulator.variable), nest.outer));
  std::vector<ir::TypeId> results(accumulators.size(), universe_.types.unknown());
  ir::Inst inst = function_.make_inst(data.opcode, data.imm, operands, results, {}, data.source);
  function_.inst(inst).block = data.block;
  for (ir::Inst& place : function_.block(data.block).insts)
    if (place == nest.inst) place = inst;
  function_.region(nest.region).owner = inst;
  nest.inst = inst;
}

void Translator::write_after_nest(OpenNest& nest, ir::Block after,
                                  const std::vector<OpenNest::Accumulator>& accumulators) {
  for (size_t i = 0; i < accumulators.size(); ++i) {
    ir::Value result = function_.results(nest.inst)[i];
    give_name(result, symbol(variable_name(accumulators[i].variable)));
    ssa_.write(variables_.local(accumulators[i].variable), after, result);
  }
  builder_.position(after);
  for (const LoopVariable& variable : nest.loop.variables) {
    auto same = [&](const OpenNest::Accumulator& a) { return a.variable == variable.variable; };
    if (std::ranges::any_of(nest.accumulators, same)) continue;
    // Which iteration was the last is not defined, so these may not be used before they are assigned again.
    ir::Value poison = emit(ir::Opcode::kUndef, 0, {});
    const std::string& name = variable_name(variable.variable);
    forbidden_[poison] = {MessageId::kPrivateAfterLoop, {name}, "'" + name + "' is assigned here", variable.assigned};
    ssa_.write(variables_.local(variable.variable), after, poison);
    if (input_.assignments.tracked[variable.variable])
      ssa_.write(variables_.bound_bit(variable.variable), after, true_);
  }
}

}  // namespace metate::frontend
