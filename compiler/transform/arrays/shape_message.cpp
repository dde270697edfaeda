#include "compiler/transform/arrays/shape_message.h"

#include "compiler/transform/arrays/whole_numbers.h"
#include "runtime/abi/context.h"
#include "runtime/abi/kernel_error.h"

namespace metate::transform {

ShapeMessage::ShapeMessage(ir::Builder& builder, std::string_view exception) : builder_(builder) {
  support::Symbol name = builder.universe().symbols.intern("builtins." + std::string(exception));
  message_.exception = builder.universe().constants.intern({.kind = types::ConstantKind::kException, .symbol = name});
}

ShapeMessage& ShapeMessage::text(std::string_view literal) {
  literal_ += literal;
  return *this;
}

void ShapeMessage::flush() {
  if (!literal_.empty()) message_.parts.push_back({.literal = builder_.universe().symbols.intern(literal_)});
  literal_.clear();
}

ShapeMessage& ShapeMessage::number(ir::Value value) {
  if (std::optional<int64_t> known = whole::constant(builder_.function(), value)) return text(std::to_string(*known));
  // The error record is of a fixed size; shapes that are too long for it lose their end.
  bool kernel = builder_.function().options.kernel;
  if (values_.size() == (kernel ? abi::kMaxKernelErrorValues : abi::kMaxErrorValues)) return text("?");
  flush();
  message_.parts.push_back({.operand = static_cast<int32_t>(values_.size())});
  values_.push_back(value);
  return *this;
}

ShapeMessage& ShapeMessage::shape(std::span<const ir::Value> extents) {
  text("(");
  for (size_t axis = 0; axis < extents.size(); ++axis) {
    if (axis) text(",");
    number(extents[axis]);
  }
  return text(extents.size() == 1 ? ",)" : ")");
}

void ShapeMessage::check(ir::Value condition) {
  if (!condition) return;
  flush();
  builder_.check(condition, std::move(message_), values_);
}

}  // namespace metate::transform
