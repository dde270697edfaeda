// element_views – how the elements of arrays that are broadcast to one shape are reached in a nest.
#pragma once

#include <unordered_map>

#include "compiler/transform/arrays/broadcast.h"
#include "compiler/transform/arrays/element_access.h"

namespace metate::transform {

enum class ElementForm : uint8_t {
  kFlat,       // all arrays lie alike in memory, so one axis runs over all elements
  kAligned,    // every extent that is not known to be 1 is that of the shape
  kBroadcast,  // right for all shapes that fit: run-time strides, 0 along axes of extent 1
};

/// The arrays as a nest of one form wants them.
class ElementViews {
 public:
  /// Of the nest's axes.
  const Shape& extents() const { return extents_; }
  /// Where the elements at a point of the nest are, by the array that they belong to.
  std::unordered_map<ir::Value, Access> at(std::span<const ir::Value> indices) const;

 private:
  friend class ElementArrays;
  struct View {
    ir::Value array;               // whose elements
    ir::Value view;                // in what they are found
    std::vector<ir::Value> fixed;  // by axis: an index that is always the same, or none
  };
  Shape extents_;
  std::vector<View> views_;
};

class ElementArrays {
 public:
  /// `arrays` are of any shapes that can be assigned to an array of `shape`.
  ElementArrays(ir::Builder& builder, Extents& extents, Shape shape, std::vector<ir::Value> arrays);

  const Shape& shape() const { return shape_; }
  /// The condition (whole_numbers.h) for forms other than kBroadcast. It may be emitted before the nests only.
  ir::Value aligned();
  /// kFlat or kAligned, by what the types promise.
  ElementForm aligned_form() const;
  /// Emits what has to stand before a nest.
  ElementViews prepare(ElementForm form);

 private:
  struct Operand {
    ir::Value array;
    Shape extents;
  };

  /// Which axis of an operand that of the shape is; negative ones are in front of it.
  size_t ndim() const { return shape_.size(); }
  bool is_spread(const Operand& operand, size_t axis) const;
  types::Layout layout() const;
  ir::Value flatten(ir::Value array, ir::Value count);
  ir::Value broadcast_view(const Operand& operand);

  ir::Builder& builder_;
  Shape shape_;
  std::vector<Operand> operands_;
};

}  // namespace metate::transform
