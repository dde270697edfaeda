// strided.h – arithmetic of shapes and strides: layouts, broadcasting, walking over elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/interpret/datum.h"
#include "compiler/types/type.h"

namespace metate::ir {

using Shape = std::vector<int64_t>;

/// The number of elements; none if it does not fit 64 bits. An extent of 0 makes it 0 whatever the others are.
std::optional<int64_t> element_count(std::span<const int64_t> shape);
/// The strides of a contiguous array: row-major, or column-major for Layout::kF.
Shape contiguous_strides(std::span<const int64_t> shape, int64_t item_size, types::Layout layout);
/// What shapes broadcast to (NumPy's rules), or none.
std::optional<Shape> broadcast(std::span<const Shape> shapes);
/// The array stretched to a shape that it broadcasts to: stride 0 along new axes and those of extent 1.
Array stretch(const Array& array, std::span<const int64_t> shape);
/// "(3,4)", "(3,)": as NumPy writes a shape in messages.
std::string shape_text(std::span<const int64_t> shape);

/// visit(index) for every point of the box in row-major order, until it says false; nothing if an extent is 0 or less.
template <class F>
void for_each_index(std::span<const int64_t> shape, F&& visit) {
  for (int64_t extent : shape)
    if (extent <= 0) return;
  Shape index(shape.size(), 0);
  while (visit(std::span<const int64_t>(index))) {
    size_t axis = shape.size();
    while (axis > 0 && ++index[axis - 1] == shape[axis - 1]) index[--axis] = 0;
    if (axis == 0) return;
  }
}

/// Whether there is such an element.
bool in_range(const Array& array, std::span<const int64_t> index);
/// Where an element lies; the index is in range.
inline std::byte* element(const Array& array, std::span<const int64_t> index) {
  int64_t offset = 0;
  for (size_t i = 0; i < index.size(); ++i) offset += index[i] * array.strides[i];
  return array.data + offset;
}

/// All elements in row-major order.
std::vector<types::Scalar> read_elements(const Array& array, types::DType dtype);

}  // namespace metate::ir
