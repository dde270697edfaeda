#include "compiler/ir/message.h"

namespace metate::ir {

MessageBuilder& MessageBuilder::value(Value value) {
  end_text();
  parts_.push_back({.literal = {}, .operand = static_cast<int32_t>(values_.size())});
  values_.push_back(value);
  return *this;
}

void MessageBuilder::end_text() {
  if (!text_.empty()) parts_.push_back({.literal = universe_.symbols.intern(text_)});
  text_.clear();
}

Message MessageBuilder::take(types::ConstantId exception) {
  end_text();
  return {exception, std::move(parts_)};
}

types::ConstantId builtin_exception(Universe& universe, std::string_view name) {
  support::Symbol symbol = universe.symbols.intern("builtins." + std::string(name));
  return universe.constants.intern({.kind = types::ConstantKind::kException, .symbol = symbol});
}

Message message_of(Universe& universe, std::string_view exception, std::string_view text) {
  MessageBuilder builder(universe);
  for (size_t mark; (mark = text.find("{}")) != std::string_view::npos; text.remove_prefix(mark + 2))
    builder.text(text.substr(0, mark)).value({});
  return builder.text(text).take(builtin_exception(universe, exception));
}

Message index_message(Universe& universe) {
  return message_of(universe, "IndexError", "index {} is out of bounds for axis {} with size {}");
}

Message memory_message(Universe& universe) {
  return message_of(universe, "MemoryError", "unable to allocate {} bytes for an array");
}

Message recursion_message(Universe& universe) {
  return message_of(universe, "RecursionError", "maximum recursion depth exceeded");
}

Message unbound_message(Universe& universe, support::Symbol variable) {
  return MessageBuilder(universe)
      .text("cannot access local variable '")
      .text(universe.symbols.name(variable))
      .text("' where it is not associated with a value")
      .take(builtin_exception(universe, "UnboundLocalError"));
}

std::string exception_name(const Message& message, const Universe& universe) {
  const support::Symbol name = universe.constants[message.exception].symbol;
  return name ? std::string(universe.symbols.name(name)) : universe.text(message.exception);
}

}  // namespace metate::ir
