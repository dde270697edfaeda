// shape_message – texts of exceptions with shapes in them, as NumPy writes them.
#pragma once

#include <string_view>

#include "compiler/ir/builder.h"

namespace metate::transform {

/// A message in the making; literal parts and values follow each other.
class ShapeMessage {
 public:
  ShapeMessage(ir::Builder& builder, std::string_view exception);

  ShapeMessage& text(std::string_view literal);
  ShapeMessage& number(ir::Value value);
  /// "(3,4)", "(3,)", "()".
  ShapeMessage& shape(std::span<const ir::Value> extents);

  /// Raises unless the condition (whole_numbers.h) holds.
  void check(ir::Value condition);

 private:
  void flush();

  ir::Builder& builder_;
  ir::Message message_;
  std::string literal_;
  std::vector<ir::Value> values_;
};

}  // namespace metate::transform
