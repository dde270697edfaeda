// overlap – whether an assignment may write element after element while it reads from another array.
#pragma once

#include "compiler/transform/arrays/broadcast.h"

namespace metate::transform {

/// Two arrays whose memory may be the same. If no element of what is read shares memory with an element of the target
/// that stands at another place, no order of the elements makes a difference, and none needs a temporary. The
/// conditions are emitted where the builder stands. Each may fail where this is so, but none holds where it is not.
class Overlap {
 public:
  Overlap(ir::Builder& builder, Extents& extents, ir::Value target, ir::Value read);

  /// The spans of memory do not meet: the usual case, and the one that costs little.
  ir::Value lie_apart();
  /// They meet, but elements are read where they are written, or lie in each other's gaps.
  ir::Value is_harmless();

 private:
  struct Span {
    ir::Value low, size;  // in bytes, from the first element
  };

  ir::Value are_one();
  ir::Value interleave_along(size_t axis);
  Span span_across(ir::Value array, const Shape& shape, size_t axis);
  ir::Value stride(ir::Value array, size_t axis);
  ir::Value have_one_stride(size_t axis);
  bool may_have_gaps() const;

  ir::Builder& builder_;
  ir::Value target_, read_;
  Shape target_shape_, read_shape_;
  ir::Value distance_;
};

}  // namespace metate::transform
