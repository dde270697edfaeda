#include "compiler/ir/interpret/strided.h"

#include <algorithm>

namespace metate::ir {

std::optional<int64_t> element_count(std::span<const int64_t> shape) {
  if (std::ranges::find(shape, 0) != shape.end()) return 0;
  int64_t count = 1;
  for (int64_t extent : shape)
    if (__builtin_mul_overflow(count, extent, &count)) return std::nullopt;
  return count;
}

Shape contiguous_strides(std::span<const int64_t> shape, int64_t item_size, types::Layout layout) {
  Shape strides(shape.size());
  int64_t stride = item_size;
  for (size_t i = 0; i < shape.size(); ++i) {
    size_t axis = layout == types::Layout::kF ? i : shape.size() - 1 - i;
    strides[axis] = stride;
    stride *= std::max<int64_t>(shape[axis], 1);
  }
  return strides;
}

std::optional<Shape> broadcast(std::span<const Shape> shapes) {
  Shape result;
  for (const Shape& shape : shapes) {
    if (shape.size() > result.size()) result.insert(result.begin(), shape.size() - result.size(), 1);
    size_t added = result.size() - shape.size();
    for (size_t i = 0; i < shape.size(); ++i) {
      int64_t& extent = result[added + i];
      if (extent == 1)
        extent = shape[i];
      else if (shape[i] != 1 && shape[i] != extent)
        return std::nullopt;
    }
  }
  return result;
}

Array stretch(const Array& array, std::span<const int64_t> shape) {
  Array result{array.data, array.owner, Shape(shape.begin(), shape.end()), Shape(shape.size(), 0)};
  size_t added = shape.size() - array.shape.size();
  for (size_t i = 0; i < array.shape.size(); ++i)
    if (array.shape[i] != 1) result.strides[added + i] = array.strides[i];
  return result;
}

bool in_range(const Array& array, std::span<const int64_t> index) {
  auto fits = [](int64_t i, int64_t extent) { return 0 <= i && i < extent; };
  return std::ranges::equal(index, array.shape, fits);
}

std::string shape_text(std::span<const int64_t> shape) {
  std::string text = "(";
  for (size_t i = 0; i < shape.size(); ++i) text += (i ? "," : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::vector<types::Scalar> read_elements(const Array& array, types::DType dtype) {
  std::vector<types::Scalar> elements;
  for_each_index(array.shape, [&](std::span<const int64_t> index) {
    elements.push_back(types::load(dtype, element(array, index)));
    return true;
  });
  return elements;
}

}  // namespace metate::ir
