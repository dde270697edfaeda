// message – what raise, check, print and py.format say at run time: text, with marks where values stand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/ir/ids.h"
#include "compiler/ir/universe.h"
#include "runtime/base/api.h"

namespace metate::ir {

/// Literal text, or one of the values that go with the message (those of check come after its condition).
struct MessagePart {
  support::Symbol literal;
  int32_t operand = -1;

  bool is_value() const { return !literal; }
};

struct Message {
  types::ConstantId exception;  // class to raise; none for print and format
  std::vector<MessagePart> parts;
};

/// Puts a message together, and its values in their order. Pieces of text one behind the other become one part.
class MessageBuilder {
 public:
  explicit MessageBuilder(Universe& universe) : universe_(universe) {}

  MessageBuilder& text(std::string_view text) {
    text_ += text;
    return *this;
  }
  MessageBuilder& value(Value value);
  const std::vector<Value>& values() const { return values_; }
  /// What has been put together so far.
  Message take(types::ConstantId exception = {});

 private:
  void end_text();

  Universe& universe_;
  std::vector<MessagePart> parts_;
  std::string text_;
  std::vector<Value> values_;
};

/// A built-in class of exceptions by its name.
types::ConstantId builtin_exception(Universe& universe, std::string_view name);

/// Of a built-in exception. Each {} in the text stands for the next value.
Message message_of(Universe& universe, std::string_view exception, std::string_view text);

// What instructions raise by themselves, with the values that it takes:

Message index_message(Universe& universe);   // index, axis, extent
Message memory_message(Universe& universe);  // bytes
Message recursion_message(Universe& universe);
Message unbound_message(Universe& universe, support::Symbol variable);

/// "builtins.ValueError"
METATE_API std::string exception_name(const Message& message, const Universe& universe);

/// Hands the parts over in their order: texts to `literal`, the numbers of values to `value`.
template <class Literal, class OfValue>
void read(const Message& message, const Universe& universe, const Literal& literal, const OfValue& value) {
  for (const MessagePart& part : message.parts) {
    if (part.is_value())
      value(static_cast<size_t>(part.operand));
    else
      literal(universe.symbols.name(part.literal));
  }
}

/// The whole text; `value` gives that of a value by its number.
template <class OfValue>
std::string text_of(const Message& message, const Universe& universe, const OfValue& value) {
  std::string text;
  read(
      message, universe, [&](std::string_view literal) { text += literal; },
      [&](size_t number) { text += value(number); });
  return text;
}

}  // namespace metate::ir
