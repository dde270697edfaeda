// translate_calls – calls.
#include "compiler/frontend/translator.h"

namespace metate::frontend {

using support::MessageId;
using types::ConstantKind;

void Translator::call(const Instruction& instruction) {
  std::vector<ir::Value> arguments = stack_.pop(instruction.operand);
  ir::Value callee = stack_.pop();
  ir::CallShape shape;
  if (instruction.extra != bytecode::kNoKeywords) {
    const auto* names = instruction.extra < input_.code.consts.size()
                            ? input_.code.consts[instruction.extra].get_if<bytecode::Const::Tuple>()
                            : nullptr;
    if (names == nullptr || names->items.size() > arguments.size())
      return malformed("keywords of a call that are none");
    for (const bytecode::Const& name : names->items) {
      const auto* text = name.get_if<std::string>();
      if (text == nullptr) return malformed("a keyword that is no string");
      shape.keywords.push_back(symbol(*text));
    }
  }
  types::ConstantId constant = function_.constant(callee);
  if (constant && call_of_compiler(constant, arguments, shape)) return;
  stack_.push(emit_call(callee, arguments, std::move(shape)));
}

void Translator::call_spread(uint32_t mappings) {
  if (mappings != 0) return unsupported("'**' in a call");
  ir::Value sequence = stack_.pop();
  ir::Value callee = stack_.pop();
  std::vector<ir::Value> arguments;
  ir::CallShape shape;
  if (auto spread = spreads_.find(sequence); spread != spreads_.end()) {
    arguments = spread->second.elements;
    arguments.push_back(spread->second.star);
    shape.star = true;
  } else if (opcode_of(sequence) == ir::Opcode::kTuple) {
    std::span<const ir::Value> elements = function_.operands(function_.defining_inst(sequence));
    arguments.assign(elements.begin(), elements.end());
  } else {
    arguments.push_back(sequence);
    shape.star = true;
  }
  types::ConstantId constant = function_.constant(callee);
  if (constant && call_of_compiler(constant, arguments, shape)) return;
  stack_.push(emit_call(callee, arguments, std::move(shape)));
}

ir::Value Translator::emit_call(ir::Value callee, std::span<const ir::Value> arguments, ir::CallShape shape) {
  std::vector<ir::Value> operands{callee};
  operands.insert(operands.end(), arguments.begin(), arguments.end());
  return emit(ir::Opcode::kPyCall, ir::Function::add_to(function_.call_shapes, std::move(shape)), operands);
}

/// Calls that mean something to the compiler itself.
bool Translator::call_of_compiler(types::ConstantId callee, std::span<const ir::Value> arguments,
                                  const ir::CallShape& shape) {
  const types::Constant& constant = universe_.constants[callee];
  if (constant.kind == ConstantKind::kException) {
    push_exception(callee, arguments, shape);
    return true;
  }
  if (constant.kind != ConstantKind::kEntity) return false;
  std::string_view name = universe_.symbols.name(constant.symbol);
  if (name == "builtins.print" && !shape.star) {
    call_print(arguments, shape);
    return true;
  }
  if (name == "builtins.str" && arguments.size() == 1 && shape == ir::CallShape()) {
    stack_.push(format(arguments));
    return true;
  }
  if (name == "metate.prange") {
    if (function_.options.kernel) {
      fail(MessageId::kNotInKernel, here(), {"prange"});
      return true;
    }
    // What is special about it is the loop; its items are those of a range.
    ir::Value range = emit_call(entity("builtins.range"), arguments, shape);
    if (function_.options.parallel) parallel_ranges_.insert(range);
    stack_.push(range);
    return true;
  }
  return false;
}

// print writes its parts as they are, so the separators and the end of the line are among them.
void Translator::call_print(std::span<const ir::Value> arguments, const ir::CallShape& shape) {
  std::span<const ir::Value> values = arguments.first(arguments.size() - shape.keywords.size());
  std::string separator = " ", end = "\n";
  for (size_t i = 0; i < shape.keywords.size(); ++i) {
    std::string_view keyword = universe_.symbols.name(shape.keywords[i]);
    const types::Constant* constant = constant_of(arguments[values.size() + i]);
    bool given = constant == nullptr || constant->kind != ConstantKind::kNone;
    if (keyword == "flush" || !given) continue;
    if ((keyword != "sep" && keyword != "end") || constant == nullptr || constant->kind != ConstantKind::kString)
      return unsupported("print with such a '" + std::string(keyword) + "'");
    (keyword == "sep" ? separator : end) = universe_.symbols.name(constant->symbol);
  }
  ir::MessageBuilder message(universe_);
  for (size_t i = 0; i < values.size(); ++i) {
    if (i > 0) message.text(separator);
    add_piece(message, values[i]);
  }
  message.text(end);
  builder_.emit(ir::Opcode::kPrint, ir::Function::add_to(function_.messages, message.take()), message.values(), {});
  stack_.push(builder_.constant_none());
}

}  // namespace metate::frontend
