// partials – what one accumulator of a nest leaves behind in each chunk, and how it becomes the nest's result.
#pragma once

#include "compiler/ir/builder.h"

namespace metate::transform {

/// Of numbers in the frame, of arrays in private copies; on a device of both in memory that work-items reach.
class Partials {
 public:
  /// Of the nest's accumulator number `index`.
  Partials(const ir::Function& function, ir::Inst nest, size_t index);

  /// Whether its operation has a neutral element of the accumulator's type; nothing else may be called if not.
  static bool possible(const ir::Function& function, ir::Inst nest, size_t index);

  ir::TypeId type() const { return type_; }
  types::DType dtype() const { return dtype_; }
  bool is_array() const { return is_array_; }
  /// The result's last bits depend on the order.
  bool rounds() const;

  void set_most_chunks(int64_t most) { most_ = most; }
  void allocate(ir::Builder& builder, ir::Value chunks);
  /// What a chunk starts from.
  ir::Value start(ir::Builder& builder, ir::Value chunk) const;
  /// The neutral element of numbers.
  ir::Value neutral(ir::Builder& builder) const;
  void keep(ir::Builder& builder, ir::Value value, ir::Value chunk) const;
  /// All of them, in order, behind the value that the nest started from.
  ir::Value combine(ir::Builder& builder, ir::Value chunks) const;
  ir::Value combine(ir::Builder& builder, ir::Value a, ir::Value b) const;

 private:
  using Values = std::vector<ir::Value>;

  /// Whether the axes of what is kept are: on a device it is worked on as an array of the initial one's order.
  bool is_reversed() const;
  Values place(ir::Value chunk, std::span<const ir::Value> indices) const;
  ir::Value number(ir::Builder& builder, std::span<const ir::Value> place) const;
  ir::Value new_array(ir::Builder& builder) const;
  ir::Value kept_array(ir::Builder& builder, ir::Value chunk) const;
  ir::Value combine_arrays(ir::Builder& builder, ir::Value chunks) const;

  ops::ScalarOp combine_;
  ir::TypeId type_, element_;  // of the accumulator, and of the numbers that are combined
  types::DType dtype_;
  types::Layout layout_;
  bool is_array_, in_place_ = false;
  bool on_device_;  // chunks are work-items, which do not reach the frame
  ir::Value initial_;
  int64_t most_ = 0;
  Values shape_;    // of an array
  ir::Value kept_;  // by chunk, then by the axes of an array
};

}  // namespace metate::transform
