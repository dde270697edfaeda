// translate_functions – functions inside of functions: what they capture, their defaults.
#include <algorithm>

#include "compiler/frontend/translator.h"

namespace metate::frontend {

using bytecode::Opcode;
using bytecode::VariableKind;

namespace {

/// Whether the cell loaded at `index` is captured by a function that is then stored in this very variable.
bool captured_by_itself(const std::vector<bytecode::Instruction>& instructions, size_t index) {
  auto prepares = [](Opcode opcode) {
    return opcode == Opcode::kLoadClosure || opcode == Opcode::kBuildTuple || opcode == Opcode::kLoadConst;
  };
  uint32_t variable = instructions[index].operand;
  while (index < instructions.size() && prepares(instructions[index].opcode)) ++index;
  return index + 1 < instructions.size() && instructions[index].opcode == Opcode::kMakeFunction &&
         instructions[index + 1].opcode == Opcode::kStoreDeref && instructions[index + 1].operand == variable;
}

}  // namespace

// The value of a variable for an inner function; find_rebinding makes sure that this is enough.
void Translator::capture_variable(Index index) {
  uint32_t variable = decoded().instructions[index].operand;
  loaded_cells_.push_back(variable);
  if (decoded().variables[variable].kind == VariableKind::kFree && !environment_.free_variables_are_parameters())
    return stack_.push(free_variable(variable));
  std::string what = "an inner function that uses '" + variable_name(variable) + "' before it is assigned";
  if (captured_by_itself(decoded().instructions, index)) {
    ir::Value itself = placeholder(what);
    captured_selves_.insert(itself);
    return stack_.push(itself);
  }
  if (input_.assignments.of(input_.graph[current_], index) != Bound::kAlways) return unsupported(what);
  stack_.push(ssa_.read(variables_.local(variable), builder_.block()));
}

void Translator::make_function(uint32_t parts) {
  ir::Value code_value = stack_.pop();
  ir::Value closure = (parts & bytecode::kClosure) != 0 ? stack_.pop() : ir::Value();
  if ((parts & bytecode::kAnnotations) != 0) stack_.pop();
  ir::Value keyword_defaults = (parts & bytecode::kKeywordDefaults) != 0 ? stack_.pop() : ir::Value();
  ir::Value defaults = (parts & bytecode::kDefaults) != 0 ? stack_.pop() : ir::Value();
  auto code = codes_.find(code_value);
  if (code == codes_.end()) return malformed("a function of what is no code");

  InnerFunction function{.code = code->second, .is_self = {}, .defaults = {}};
  std::vector<ir::Value> captured;
  std::vector<uint32_t> variables;
  if (!closure && !function.code->freevars.empty()) return malformed("an inner function without its closure");
  if (closure && !take_captured(closure, function, captured, variables))
    return malformed("a closure of what are no cells");
  if (defaults && !take_defaults(defaults, function, captured)) return malformed("defaults that are none");
  if (keyword_defaults && !take_keyword_defaults(keyword_defaults, function, captured))
    return malformed("keyword defaults that are none");
  bool calls_itself = std::ranges::find(function.is_self, true) != function.is_self.end();
  // Inside, the function would have to know what its defaults were when it was made.
  if (calls_itself && captured.size() > variables.size())
    return unsupported("a default value that is no constant, of an inner function that calls itself,");

  types::ConstantId callee = environment_.inner_function(std::move(function));
  if (!callee) return unsupported("such an inner function");
  if (captured.empty()) return stack_.push(builder_.constant(callee));
  ir::Value made = emit(ir::Opcode::kPyClosure, callee.index(), captured);
  if (!variables.empty()) captures_.push_back({function_.defining_inst(made), std::move(variables)});
  stack_.push(made);
}

/// The values of the free variables and the variables that they come from, but for the function's own.
bool Translator::take_captured(ir::Value closure, InnerFunction& function, std::vector<ir::Value>& captured,
                               std::vector<uint32_t>& variables) {
  if (opcode_of(closure) != ir::Opcode::kTuple) return false;
  std::span<const ir::Value> cells = function_.operands(function_.defining_inst(closure));
  if (cells.size() > loaded_cells_.size() || cells.size() != function.code->freevars.size()) return false;
  auto variable = loaded_cells_.end() - static_cast<ptrdiff_t>(cells.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    bool is_self = captured_selves_.contains(cells[i]);
    function.is_self.push_back(is_self);
    if (is_self) continue;
    captured.push_back(cells[i]);
    variables.push_back(variable[static_cast<ptrdiff_t>(i)]);
  }
  loaded_cells_.erase(variable, loaded_cells_.end());
  return true;
}

/// A tuple of the last positional parameters' defaults.
bool Translator::take_defaults(ir::Value defaults, InnerFunction& function, std::vector<ir::Value>& captured) {
  std::vector<ir::Value> values;
  const types::Constant* constant = constant_of(defaults);
  if (constant != nullptr && constant->kind == types::ConstantKind::kTuple) {
    for (types::ConstantId element : std::vector(constant->elements)) values.push_back(builder_.constant(element));
  } else if (opcode_of(defaults) == ir::Opcode::kTuple) {
    std::span<const ir::Value> operands = function_.operands(function_.defining_inst(defaults));
    values.assign(operands.begin(), operands.end());
  }
  uint32_t count = function.code->argument_count;
  if (values.empty() || values.size() > count) return false;
  auto first = static_cast<uint32_t>(count - values.size());
  for (uint32_t i = 0; i < values.size(); ++i) add_default(function, first + i, values[i], captured);
  return true;
}

/// A dictionary of keyword-only parameters' names and defaults.
bool Translator::take_keyword_defaults(ir::Value defaults, InnerFunction& function, std::vector<ir::Value>& captured) {
  auto items = keyword_defaults_.find(defaults);
  if (items == keyword_defaults_.end()) return false;
  std::span<const std::string> names(function.code->varnames);
  uint32_t first = function.code->argument_count;
  for (const auto& [key, value] : items->second) {
    const types::Constant* name = constant_of(key);
    if (name == nullptr || name->kind != types::ConstantKind::kString) return false;
    std::span<const std::string> keyword_only = names.subspan(first, function.code->keyword_only_count);
    auto found = std::ranges::find(keyword_only, universe_.symbols.name(name->symbol));
    if (found == keyword_only.end()) return false;
    add_default(function, first + static_cast<uint32_t>(found - keyword_only.begin()), value, captured);
  }
  return true;
}

void Translator::add_default(InnerFunction& function, uint32_t parameter, ir::Value value,
                             std::vector<ir::Value>& captured) {
  types::ConstantId constant = function_.constant(value);
  function.defaults.push_back({parameter, constant});
  if (!constant) captured.push_back(value);
}

// find_unsupported lets a dictionary pass where it holds the defaults of keyword-only parameters.

void Translator::build_map(uint32_t count) {
  std::vector<ir::Value> items = stack_.pop(2 * count);
  ir::Value map = placeholder("a dictionary");
  for (uint32_t i = 0; i < count; ++i) keyword_defaults_[map].emplace_back(items[2 * i], items[2 * i + 1]);
  stack_.push(map);
}

void Translator::build_const_key_map(uint32_t count) {
  ir::Value keys = stack_.pop();
  std::vector<ir::Value> values = stack_.pop(count);
  const types::Constant* constant = constant_of(keys);
  if (constant == nullptr || constant->elements.size() != count) return malformed("keys that are no tuple");
  std::vector<types::ConstantId> names = constant->elements;
  ir::Value map = placeholder("a dictionary");
  for (uint32_t i = 0; i < count; ++i) keyword_defaults_[map].emplace_back(builder_.constant(names[i]), values[i]);
  stack_.push(map);
}

}  // namespace metate::frontend
