// translate_messages – f-strings, and the text of what is raised and printed.
#include "compiler/frontend/translator.h"

namespace metate::frontend {

using types::ConstantKind;

void Translator::convert_value(bytecode::Conversion conversion) {
  switch (conversion) {
    case bytecode::Conversion::kNone:
    case bytecode::Conversion::kStr:
      return;  // formatting does the same
    case bytecode::Conversion::kRepr:
      return unsupported("'!r' in an f-string");
    case bytecode::Conversion::kAscii:
      return unsupported("'!a' in an f-string");
  }
  METATE_UNREACHABLE();
}

void Translator::format_value() { stack_.push(format(std::array{stack_.pop()})); }

void Translator::format_with_spec() {
  const types::Constant* spec = constant_of(stack_.pop());
  bool plain = spec != nullptr && spec->kind == ConstantKind::kString && universe_.symbols.name(spec->symbol).empty();
  if (!plain) return unsupported("a format specification in an f-string");
  format_value();
}

void Translator::build_string(uint32_t count) { stack_.push(format(stack_.pop(count))); }

/// The pieces one behind the other, a constant where they all are.
ir::Value Translator::format(std::span<const ir::Value> pieces) {
  ir::MessageBuilder builder(universe_);
  for (ir::Value piece : pieces) add_piece(builder, piece);
  ir::Message message = builder.take();
  if (builder.values().empty()) {
    ir::Symbol text = message.parts.empty() ? symbol("") : message.parts[0].literal;
    return builder_.constant(universe_.constants.string(text));
  }
  return emit(ir::Opcode::kPyFormat, ir::Function::add_to(function_.messages, std::move(message)), builder.values());
}

/// "%s of %s" % (a, b) is what f"{a} of {b}" is; 3.11 and later compile it so themselves.
std::optional<ir::Value> Translator::percent_format(ir::Value text, ir::Value values) {
  const types::Constant* constant = constant_of(text);
  if (constant == nullptr || constant->kind != ConstantKind::kString) return std::nullopt;
  if (opcode_of(values) != ir::Opcode::kTuple) return std::nullopt;
  std::span<const ir::Value> elements = function_.operands(function_.defining_inst(values));
  std::string_view rest = universe_.symbols.name(constant->symbol);
  ir::MessageBuilder message(universe_);
  size_t used = 0;
  for (size_t at; (at = rest.find('%')) != std::string_view::npos; rest.remove_prefix(at + 2)) {
    std::string_view spec = rest.substr(at, 2);
    bool value = spec == "%s" && used < elements.size();
    if (!value && spec != "%%") return std::nullopt;
    message.text(rest.substr(0, at));
    if (value) {
      add_piece(message, elements[used++]);
    } else {
      message.text("%");
    }
  }
  if (used != elements.size() || message.values().empty()) return std::nullopt;
  message.text(rest);
  return emit(ir::Opcode::kPyFormat, ir::Function::add_to(function_.messages, message.take()), message.values());
}

bool Translator::is_text(ir::Value value) const {
  const types::Constant* constant = constant_of(value);
  return (constant != nullptr && constant->kind == ConstantKind::kString) || opcode_of(value) == ir::Opcode::kPyFormat;
}

void Translator::add_piece(ir::MessageBuilder& message, ir::Value piece) {
  const types::Constant* constant = constant_of(piece);
  if (constant != nullptr && constant->kind == ConstantKind::kString) {
    message.text(universe_.symbols.name(constant->symbol));
    return;
  }
  if (opcode_of(piece) != ir::Opcode::kPyFormat) {
    message.value(piece);
    return;
  }
  // A format inside of a format is taken apart, so that texts are one level deep.
  ir::Inst inst = function_.defining_inst(piece);
  std::span<const ir::Value> inner = function_.operands(inst);
  ir::read(
      function_.messages[function_.inst(inst).imm], universe_, [&](std::string_view text) { message.text(text); },
      [&](size_t number) { message.value(inner[number]); });
}

void Translator::push_exception(types::ConstantId type, std::span<const ir::Value> arguments,
                                const ir::CallShape& shape) {
  if (shape != ir::CallShape()) return unsupported("an exception made with keyword or starred arguments");
  if (arguments.size() > 1) return unsupported("an exception with more than one argument");
  ir::Value value = placeholder("an exception that is not raised at once");
  exceptions_[value] = {type, {arguments.begin(), arguments.end()}};
  stack_.push(value);
}

void Translator::raise(uint32_t count) {
  ended_ = true;
  if (count == 0) return unsupported("'raise' without an exception");
  if (count == 2) {
    const types::Constant* cause = constant_of(stack_.pop());
    if (cause == nullptr || cause->kind != ConstantKind::kNone) return unsupported("'raise … from'");
  }
  ir::Value value = stack_.pop();
  const types::Constant* constant = constant_of(value);
  ir::MessageBuilder message(universe_);
  types::ConstantId type;
  if (auto found = exceptions_.find(value); found != exceptions_.end()) {
    type = found->second.type;
    for (ir::Value argument : found->second.arguments) add_piece(message, argument);
  } else if (constant != nullptr && constant->kind == ConstantKind::kException) {
    type = function_.constant(value);
  } else {
    return unsupported("'raise' of what is no exception class");
  }
  builder_.raise(message.take(type), message.values());
}

}  // namespace metate::frontend
