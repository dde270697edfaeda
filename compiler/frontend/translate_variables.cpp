// translate_variables – locals, cells, closures, globals and constants.
#include "compiler/frontend/constants.h"
#include "compiler/frontend/translator.h"

namespace metate::frontend {

using bytecode::VariableKind;
using support::MessageId;

void Translator::load_variable(Index index) {
  uint32_t variable = decoded().instructions[index].operand;
  bool constant =
      decoded().variables[variable].kind == VariableKind::kFree && !environment_.free_variables_are_parameters();
  if (constant) return stack_.push(free_variable(variable));
  if (!check_bound(index)) return;
  stack_.push(ssa_.read(variables_.local(variable), builder_.block()));
}

/// False if the variable is never bound here: the rest of the block is not reached.
bool Translator::check_bound(Index index) {
  uint32_t variable = decoded().instructions[index].operand;
  Bound bound = input_.assignments.of(input_.graph[current_], index);
  uint32_t name = symbol(variable_name(variable)).index();
  if (bound == Bound::kNever) {
    builder_.emit(ir::Opcode::kCheckBound, name, std::array{false_}, {});
    builder_.emit(ir::Opcode::kUnreachable, 0, {}, {});
    ended_ = true;
    return false;
  }
  // In a prange loop a variable may be bound by an earlier iteration only, which does not count.
  bool check = bound == Bound::kMaybe;
  for (const OpenNest& nest : nests_) {
    const LoopVariable* loop_variable = nest.loop.find(variable);
    check |= loop_variable != nullptr && loop_variable->checked;
  }
  if (!check) return true;
  ir::Value bit = ssa_.read(variables_.bound_bit(variable), builder_.block());
  if (bit == true_) return true;
  builder_.emit(ir::Opcode::kCheckBound, name, std::array{bit}, {});
  ssa_.write(variables_.bound_bit(variable), builder_.block(), true_);
  return true;
}

void Translator::store_variable(Index index) {
  uint32_t variable = decoded().instructions[index].operand;
  ir::Value value = stack_.pop();
  if (decoded().variables[variable].kind == VariableKind::kFree)
    return unsupported("an assignment to '" + variable_name(variable) + "' of an enclosing function");
  note_cell_store(variable);
  if (types::ConstantId conversion = environment_.conversion(variable_name(variable)))
    value = emit_call(builder_.constant(conversion), std::array{value}, {});
  give_name(value, symbol(variable_name(variable)));
  ssa_.write(variables_.local(variable), builder_.block(), value);
  if (input_.assignments.tracked[variable]) ssa_.write(variables_.bound_bit(variable), builder_.block(), true_);
}

void Translator::delete_variable(Index index) {
  uint32_t variable = decoded().instructions[index].operand;
  if (decoded().variables[variable].kind == VariableKind::kFree)
    return unsupported("'del' of '" + variable_name(variable) + "' of an enclosing function");
  if (!check_bound(index)) return;
  note_cell_store(variable);
  ssa_.write(variables_.local(variable), builder_.block(), undef_);
  ssa_.write(variables_.bound_bit(variable), builder_.block(), false_);
}

void Translator::note_cell_store(uint32_t variable) {
  if (decoded().variables[variable].kind != VariableKind::kCell) return;
  auto position = static_cast<uint32_t>(function_.block(builder_.block()).insts.size());
  cell_stores_.push_back({variable, builder_.block(), position, here()});
}

ir::Value Translator::free_variable(uint32_t variable) {
  // Free variables are the last ones.
  auto first = static_cast<uint32_t>(decoded().variables.size() - input_.code.freevars.size());
  types::ConstantId constant = environment_.free_variable(variable - first);
  if (!constant) {
    fail(MessageId::kUnknownName, here(), {variable_name(variable)});
    return undef_;
  }
  ir::Value value = builder_.constant(constant);
  forbid_object(value, variable_name(variable));
  return value;
}

void Translator::load_global(const Instruction& instruction) {
  const std::string& name = input_.code.names[instruction.operand];
  types::ConstantId constant = environment_.global(name);
  if (!constant) {
    fail(MessageId::kUnknownName, instruction.range, {name});
    return;
  }
  ir::Value value = builder_.constant(constant);
  forbid_object(value, name);
  stack_.push(value);
}

void Translator::load_assertion_error() {
  types::ConstantId constant = environment_.builtin("AssertionError");
  if (!constant) {
    fail(MessageId::kUnknownName, here(), {"AssertionError"});
    return;
  }
  stack_.push(builder_.constant(constant));
}

// Such a thing may still have an attribute that is of use.
void Translator::forbid_object(ir::Value value, const std::string& name) {
  const types::Constant* constant = constant_of(value);
  const bool is_named_tuple = !constant->elements.empty();  // a class, as infer/named_tuple.h has them
  if (constant->kind != types::ConstantKind::kObject || is_named_tuple) return;
  std::string description = constant->symbol ? std::string(universe_.symbols.name(constant->symbol)) : "an object";
  forbidden_[value] = {MessageId::kUnsupportedGlobal, {name, description}, "", {}};
}

void Translator::load_const(Index index) {
  const std::vector<Instruction>& instructions = decoded().instructions;
  const bytecode::Const& constant = input_.code.consts[instructions[index].operand];
  if (const auto* code = constant.get_if<bytecode::Const::Code>()) {
    ir::Value value = placeholder("a code object as a value");
    codes_[value] = *code;
    return stack_.push(value);
  }
  bool searched = index + 1 < instructions.size() && instructions[index + 1].opcode == bytecode::Opcode::kContains;
  auto converted = convert_constant(constant, searched, universe_);
  if (const auto* bad = std::get_if<BadConstant>(&converted)) {
    if (bad->too_large) {
      fail(MessageId::kIntegerConstantTooLarge, here(), {bad->what});
    } else {
      unsupported(bad->what);
    }
    return;
  }
  stack_.push(builder_.constant(std::get<types::ConstantId>(converted)));
}

void Translator::give_name(ir::Value value, ir::Symbol name) {
  if (value == undef_ || value == true_ || value == false_) return;
  if (!function_.value(value).name) function_.value(value).name = name;
}

}  // namespace metate::frontend
