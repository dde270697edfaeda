#include "compiler/ir/text/print.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "compiler/ir/text/immediate_text.h"
#include "compiler/ir/text/names.h"
#include "compiler/support/quote.h"

namespace metate::ir {

namespace {

class Printer {
 public:
  Printer(const Function& function, PrintOptions options)
      : function_(function),
        universe_(function.universe()),
        names_(function),
        options_(options),
        printed_(function.region_count()) {}

  void print_function();
  void print_inst(Inst inst, int indent);
  std::string take() { return std::move(out_); }

 private:
  void print_options();
  void print_places();
  void print_region(Region region, int indent);
  void print_operands(Inst inst);
  void print_nest_head(const NestData& nest, std::span<const Value> operands);
  void print_call_operands(const CallShape& shape, std::span<const Value> operands);
  void print_targets(Inst inst);
  void print_result_types(std::span<const Value> results);
  void print_source(const SourcePlace& place);

  void text(std::string_view piece) { out_ += piece; }
  void value(Value id) { out_ += names_.value(id); }
  void values(std::span<const Value> list, std::string_view separator = "");
  void params(std::span<const Value> list);
  void type(TypeId id);
  TypeId type_of(Value id) const { return function_.contains(id) ? function_.type(id) : TypeId(); }
  bool unknown(TypeId id) const { return id == universe_.types.unknown(); }

  const Function& function_;
  const Universe& universe_;
  Names names_;
  PrintOptions options_;
  std::vector<bool> printed_;  // by region: a broken function may nest one in itself
  std::string out_;
  std::unordered_map<uint32_t, std::string> type_texts_;
  std::vector<std::pair<Symbol, Symbol>> places_;  // file and function of sources, each pair once
};

void Printer::type(TypeId id) {
  auto [entry, fresh] = type_texts_.try_emplace(id.index());
  if (fresh) entry->second = id.index() < universe_.types.size() ? universe_.text(id) : "!none";
  text(entry->second);
}

void Printer::values(std::span<const Value> list, std::string_view separator) {
  for (Value id : list) {
    text(std::exchange(separator, ", "));
    value(id);
  }
}

void Printer::params(std::span<const Value> list) {
  std::string_view separator;
  text("(");
  for (Value id : list) {
    text(std::exchange(separator, ", "));
    value(id);
    if (unknown(type_of(id))) continue;
    text(": ");
    type(type_of(id));
  }
  text(")");
}

void Printer::print_function() {
  text("func @" + support::bare_or_quoted(universe_.symbols.name(function_.name), true));
  const std::vector<Block>& blocks = function_.region(function_.body()).blocks;
  params(blocks.empty() || !function_.contains(blocks[0]) ? std::span<const Value>() : function_.params());
  if (!unknown(function_.return_type)) {
    text(" -> ");
    type(function_.return_type);
  }
  text(" stage ");
  text(to_text(function_.stage));
  print_options();
  if (options_.sources) print_places();
  text(" {\n");
  print_region(function_.body(), 0);
  text("}\n");
}

void Printer::print_options() {
  const FunctionOptions& options = function_.options;
  std::string_view separator = " options(";
  auto option = [&](bool present, std::string_view name) {
    if (!present) return;
    text(std::exchange(separator, ", "));
    text(name);
  };
  option(!options.boundscheck, "boundscheck=false");
  option(options.error_model != ErrorModel::kMixed, "error_model=");
  if (options.error_model != ErrorModel::kMixed) text(to_text(options.error_model));
  option(options.fastmath != 0, "fastmath=");
  if (options.fastmath != 0) text(std::to_string(options.fastmath));
  option(options.parallel, "parallel");
  option(options.offload, "offload");
  option(options.always_inline, "inline");
  option(options.debug, "debug");
  option(options.kernel, "kernel");
  if (separator == ", ") text(")");
}

void Printer::print_places() {
  for (const SourcePlace& place : function_.sources) {
    std::pair key(place.file, place.function);
    if (place.range.known() && std::find(places_.begin(), places_.end(), key) == places_.end()) places_.push_back(key);
  }
  auto name = [&](Symbol symbol) {
    return symbol ? support::quoted(universe_.symbols.name(symbol)) : std::string("_");
  };
  std::string_view separator = " places(";
  for (auto [file, function] : places_)
    text(std::string(std::exchange(separator, ", ")) + name(file) + " " + name(function));
  if (!places_.empty()) text(")");
}

void Printer::print_region(Region region, int indent) {
  if (!function_.contains(region) || printed_[region.index()]) return;
  printed_[region.index()] = true;
  for (Block id : function_.region(region).blocks) {
    if (!function_.contains(id)) continue;
    const BlockData& block = function_.block(id);
    out_.append(static_cast<size_t>(indent), ' ');
    text(names_.block(id));
    if (!block.params.empty()) params(block.params);
    if (block.handler) text(" handler " + names_.block(block.handler));
    text(":\n");
    for (Inst inst : block.insts) {
      if (!function_.contains(inst)) continue;
      out_.append(static_cast<size_t>(indent + 2), ' ');
      print_inst(inst, indent + 2);
      text("\n");
    }
  }
}

void Printer::print_inst(Inst id, int indent) {
  const InstData& inst = function_.inst(id);
  const NestData* nest =
      inst.opcode == Opcode::kNest && inst.imm < function_.nests.size() ? &function_.nests[inst.imm] : nullptr;
  values(function_.results(id));
  if (inst.results.count != 0) text(" = ");
  text(info(inst.opcode).text);
  if (std::string immediate = immediate_text(function_, inst); !immediate.empty()) text(" " + immediate);

  print_operands(id);
  print_targets(id);
  print_result_types(function_.results(id));
  if (options_.sources && inst.source < function_.sources.size()) print_source(function_.source(id));
  if (!nest || indent < 0) return;
  text(" {\n");
  print_region(nest->body, indent);
  out_.append(static_cast<size_t>(indent), ' ');
  text("}");
}

void Printer::print_operands(Inst id) {
  const InstData& inst = function_.inst(id);
  std::span<const Value> operands = function_.operands(id);
  if (inst.opcode == Opcode::kNest && inst.imm < function_.nests.size())
    print_nest_head(function_.nests[inst.imm], operands);
  else if (inst.opcode == Opcode::kPyCall && inst.imm < function_.call_shapes.size())
    print_call_operands(function_.call_shapes[inst.imm], operands);
  else
    values(operands, " ");
}

void Printer::print_nest_head(const NestData& nest, std::span<const Value> operands) {
  text(" ");
  text(to_text(nest.mode));
  if (nest.independent) text(" independent");
  if (nest.lanes) text(" lanes");
  if (nest.unfused) text(" unfused " + support::quoted(universe_.symbols.name(nest.unfused)));
  text(" rank " + std::to_string(nest.rank));
  if (nest.grain != NestData().grain) text(" grain " + std::to_string(nest.grain));
  text(" (");
  size_t extents = std::min<size_t>(nest.rank, operands.size());
  values(operands.first(extents));
  text(")");
  if (nest.reductions.empty() && operands.size() == extents) return;
  std::string_view separator = " reduce(";
  for (const NestReduction& reduction : nest.reductions) {
    text(std::exchange(separator, ", "));
    text(scalar_op_text(static_cast<uint32_t>(reduction.combine)));
  }
  text(") (");
  values(operands.subspan(extents));
  text(")");
}

void Printer::print_call_operands(const CallShape& shape, std::span<const Value> operands) {
  size_t positional = operands.size() - std::min(operands.size(), shape.keywords.size());
  std::string_view separator = " ";
  for (size_t i = 0; i < operands.size(); ++i) {
    text(std::exchange(separator, ", "));
    if (shape.star && i + 1 == positional) text("*");
    if (i >= positional)
      text(support::bare_or_quoted(universe_.symbols.name(shape.keywords[i - positional]), true) + "=");
    value(operands[i]);
  }
}

void Printer::print_targets(Inst id) {
  std::string_view separator = function_.operands(id).empty() ? " " : ", ";
  for (const BlockCall& target : function_.targets(id)) {
    text(std::exchange(separator, ", "));
    text(names_.block(target.block));
    if (target.arguments.count == 0) continue;
    values(function_.arguments(target), "(");
    text(")");
  }
}

void Printer::print_result_types(std::span<const Value> results) {
  if (std::ranges::all_of(results, [&](Value id) { return unknown(type_of(id)); })) return;
  std::string_view separator = " : ";
  for (Value id : results) {
    text(std::exchange(separator, ", "));
    type(type_of(id));
  }
}

void Printer::print_source(const SourcePlace& place) {
  const support::SourceRange& range = place.range;
  if (!range.known()) return;
  text(" @");
  auto file = std::find(places_.begin(), places_.end(), std::pair(place.file, place.function));
  if (file != places_.begin()) text(std::to_string(file - places_.begin()) + "!");
  text(std::to_string(range.line));
  if (range.column >= 0) text(":" + std::to_string(range.column));
  if (range.end_line >= 0) text("-" + std::to_string(range.end_line));
  if (range.end_line >= 0 && range.end_column >= 0) text(":" + std::to_string(range.end_column));
}

}  // namespace

std::string print(const Function& function, PrintOptions options) {
  Printer printer(function, options);
  printer.print_function();
  return printer.take();
}

std::string print(const Function& function, Inst inst) {
  Printer printer(function, {});
  printer.print_inst(inst, -1);
  return printer.take();
}

}  // namespace metate::ir
