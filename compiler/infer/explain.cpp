#include "compiler/infer/explain.h"

#include "compiler/infer/join.h"

namespace metate::infer {
namespace {

using ir::Block;
using ir::Inst;
using ir::Opcode;
using support::Diagnostic;

/// A value that reaches a parameter, and the instruction that brings it.
struct Source {
  Value value;
  Inst inst;
};

/// The values that the edges (for a nest's accumulator: the nest and its yields) bring to a parameter.
std::vector<Source> sources_of(const ir::Function& f, const Solution& solution, Value param) {
  std::vector<Source> sources;
  Block home(f.value(param).definer);
  uint32_t index = f.value(param).index;
  Inst nest = f.region(f.block(home).region).owner;
  bool accumulator = nest && f.region(f.block(home).region).blocks.front() == home;
  size_t rank = accumulator ? f.nests[f.inst(nest).imm].rank : 0;
  if (accumulator && index >= rank) sources.push_back({f.operands(nest)[index], nest});

  for (Block block : solution.order) {
    Inst last = f.terminator(block);
    if (!last || !solution.reachable[block]) continue;
    for (const ir::BlockCall& target : f.targets(last))
      if (target.block == home) sources.push_back({f.arguments(target)[index], last});
    bool yields = f.inst(last).opcode == Opcode::kYield && f.block(block).region == f.block(home).region;
    if (accumulator && index >= rank && yields) sources.push_back({f.operands(last)[index - rank], last});
  }
  return sources;
}

}  // namespace

support::Location locate(const ir::Function& function, Inst inst) {
  const ir::SourcePlace& place = function.source(inst);
  auto name = [&](ir::Symbol symbol) {
    return symbol ? std::string(function.universe().symbols.name(symbol)) : std::string();
  };
  return {name(place.file), name(place.function ? place.function : function.name), place.range};
}

void Explainer::failed(Inst inst, const Failure& failure) {
  if (!failure.id) return;
  std::vector<std::string_view> arguments(failure.arguments.begin(), failure.arguments.end());
  Diagnostic& diagnostic = diagnostics_.error(*failure.id, locate(f_, inst), arguments);
  for (Value operand : f_.operands(inst)) note_origin(diagnostic, operand);
}

void Explainer::note_origin(Diagnostic& diagnostic, Value value) {
  const Known& known = solution_.values[value];
  support::Symbol name = f_.value(value).name;
  if (!known.known() || !name || known.constant) return;
  std::string text = "'" + std::string(f_.universe().symbols.name(name)) + "' is " + f_.universe().describe(known.type);

  // Follow a parameter to the edge that brought its type.
  support::SideTable<Value, Flag> seen;
  while (f_.value(value).is_param && !seen[value]) {
    seen[value] = 1;
    if (Block(f_.value(value).definer) == f_.entry()) {
      diagnostic.notes.push_back({text + " because of the argument", {}});
      return;
    }
    for (const Source& source : sources_of(f_, solution_, value))
      if (solution_.values[source.value].type == known.type && !seen[source.value]) value = source.value;
  }
  Inst inst = f_.defining_inst(value);
  if (inst && f_.source(inst).range.known()) diagnostic.notes.push_back({text + " because of this", locate(f_, inst)});
}

void Explainer::cannot_unify(Value param) {
  std::string name = f_.value(param).name ? std::string(f_.universe().symbols.name(f_.value(param).name)) : "value";
  auto type_of = [&](const Source& source) { return solution_.values[source.value].type; };
  auto is_argument = [&](Value value) {
    return f_.value(value).is_param && Block(f_.value(value).definer) == f_.entry();
  };
  auto place = [&](const Source& source) {
    Inst inst = f_.defining_inst(source.value);
    return locate(f_, inst ? inst : source.inst);
  };
  // The parameter itself may only pass on what met in another one.
  support::SideTable<Value, Flag> seen;
  std::vector<Value> work{param};
  while (!work.empty()) {
    Value at = work.back();
    work.pop_back();
    if (seen[at] || !f_.value(at).is_param) continue;
    seen[at] = 1;
    std::vector<Source> sources = sources_of(f_, solution_, at);
    std::erase_if(sources, [&](const Source& source) {
      if (solution_.values[source.value].conflict) work.push_back(source.value);
      return !solution_.values[source.value].known();
    });
    for (size_t i = 0; i < sources.size(); ++i) {
      for (size_t k = 0; k < i; ++k) {
        if (join(type_of(sources[k]), type_of(sources[i]), f_.universe())) continue;
        std::string one = f_.universe().describe(type_of(sources[k])),
                    other = f_.universe().describe(type_of(sources[i]));
        Diagnostic& diagnostic = diagnostics_.error(MessageId::kCannotUnify, place(sources[i]), {name, one, other});
        if (is_argument(sources[k].value)) {
          diagnostic.notes.push_back({"it is " + one + " because of the argument", {}});
        } else {
          diagnostic.notes.push_back({"it is " + one + " here", place(sources[k])});
        }
        return;
      }
    }
  }
  diagnostics_.error(MessageId::kCannotUnify, {}, {name, "of one type", "of another"});
}

void Explainer::return_types() {
  std::optional<Source> first;
  for (Block block : solution_.order) {
    Inst last = f_.terminator(block);
    if (!last || !solution_.reachable[block] || f_.inst(last).opcode != Opcode::kReturn) continue;
    Source source{f_.operands(last)[0], last};
    const Known& known = solution_.values[source.value];
    if (!known.known()) continue;
    if (!first) {
      first = source;
    } else if (const Known& other = solution_.values[first->value]; !join(other.type, known.type, f_.universe())) {
      Diagnostic& diagnostic =
          diagnostics_.error(MessageId::kReturnTypes, locate(f_, last),
                             {f_.universe().describe(known.type), f_.universe().describe(other.type)});
      diagnostic.notes.push_back(
          {"it returns " + f_.universe().describe(other.type) + " here", locate(f_, first->inst)});
      return;
    }
  }
  diagnostics_.error(MessageId::kReturnTypes, {}, {"one type", "another"});
}

void Explainer::returns_value() {
  const TypeId none = f_.universe().type_of(f_.universe().constants.none());
  const std::string kernel(f_.universe().symbols.name(f_.name));
  for (Block block : solution_.order) {
    Inst last = f_.terminator(block);
    if (!last || !solution_.reachable[block] || f_.inst(last).opcode != Opcode::kReturn) continue;
    const Known& known = solution_.values[f_.operands(last)[0]];
    if (!known.known() || known.type == none) continue;
    diagnostics_.error(MessageId::kKernelReturnsValue, locate(f_, last), {kernel});
    return;
  }
  diagnostics_.error(MessageId::kKernelReturnsValue, {}, {kernel});
}

}  // namespace metate::infer
