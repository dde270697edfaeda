// shape_message – texts of exceptions with shapes in them, as NumPy writes them.
#pragma once

#include <string_view>

#include "compiler/ir/builder.h"
#include "compiler/ir/message.h"

namespace metate::transform {

/// A message in the making; literal parts and values follow each other.
class ShapeMessage {
 public:
  ShapeMessage(ir::Builder& builder, std::string_view exception)
      : builder_(builder),
        message_(builder.universe()),
        exception_(ir::builtin_exception(builder.universe(), exception)) {}

  ShapeMessage& text(std::string_view text) {
    message_.text(text);
    return *this;
  }
  ShapeMessage& number(ir::Value value);
  /// "(3,4)", "(3,)", "()".
  ShapeMessage& shape(std::span<const ir::Value> extents);

  /// Raises unless the condition (whole_numbers.h) holds.
  void check(ir::Value condition);

 private:
  ir::Builder& builder_;
  ir::MessageBuilder message_;
  types::ConstantId exception_;
};

}  // namespace metate::transform
