#include "compiler/transform/arrays/shape_message.h"

#include "compiler/transform/arrays/whole_numbers.h"
#include "runtime/abi/context.h"
#include "runtime/abi/kernel_error.h"

namespace metate::transform {

ShapeMessage& ShapeMessage::number(ir::Value value) {
  if (std::optional<int64_t> known = whole::constant(builder_.function(), value)) return text(std::to_string(*known));
  // The error record is of a fixed size; shapes that are too long for it lose their end.
  bool kernel = builder_.function().options.kernel;
  if (message_.values().size() == (kernel ? abi::kMaxKernelErrorValues : abi::kMaxErrorValues)) return text("?");
  message_.value(value);
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
  builder_.check(condition, message_.take(exception_), message_.values());
}

}  // namespace metate::transform
