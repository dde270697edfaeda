#include "python/ext/device_arguments.h"

#include <algorithm>
#include <cstring>

#include "python/ext/numpy.h"

namespace metate::ext {
namespace {

PyArrayObject* array_of(const DeviceArguments::Array& array) { return reinterpret_cast<PyArrayObject*>(array.object); }

/// The bytes of one array.
struct Range {
  const char* low;
  const char* high;
  bool needed;
};

/// Copies the elements of `array` from a buffer in which the byte at `from` stands for the array's first element's.
void copy_elements(PyArrayObject* array, const char* from) {
  int ndim = PyArray_NDIM(array);
  auto item = static_cast<size_t>(PyArray_ITEMSIZE(array));
  if (PyArray_SIZE(array) == 0) return;
  if (PyArray_ISONESEGMENT(array)) {
    std::memcpy(PyArray_DATA(array), from, static_cast<size_t>(PyArray_NBYTES(array)));
    return;
  }
  std::vector<npy_intp> index(static_cast<size_t>(ndim), 0);
  while (true) {
    npy_intp offset = 0;
    for (int axis = 0; axis < ndim; ++axis) offset += index[static_cast<size_t>(axis)] * PyArray_STRIDES(array)[axis];
    std::memcpy(PyArray_BYTES(array) + offset, from + offset, item);
    int axis = ndim - 1;
    while (axis >= 0 && ++index[static_cast<size_t>(axis)] == PyArray_DIMS(array)[axis])
      index[static_cast<size_t>(axis--)] = 0;
    if (axis < 0) return;
  }
}

}  // namespace

base::Status DeviceArguments::send(level_zero::Device& device, std::vector<Array> arrays) {
  arrays_ = std::move(arrays);
  std::vector<Range> ranges;
  for (const Array& array : arrays_) {
    if (PyArray_SIZE(array_of(array)) == 0) continue;
    auto [low, high] = byte_range(array_of(array));
    ranges.push_back({low, high, array.needed});
  }
  std::ranges::sort(ranges, {}, &Range::low);
  for (const Range& range : ranges) {
    if (!blocks_.empty() && range.low < blocks_.back().high) {
      blocks_.back().high = std::max(blocks_.back().high, range.high);
      blocks_.back().needed |= range.needed;
    } else {
      blocks_.push_back({range.low, range.high, range.needed, {}});
    }
  }
  for (Block& block : blocks_) {
    auto bytes = static_cast<size_t>(block.high - block.low);
    base::Result<level_zero::Allocation> copy = device.memory().allocate(level_zero::MemoryKind::kShared, bytes);
    if (!copy) return copy.take_error();
    block.copy = std::move(*copy);
    if (block.needed) std::memcpy(block.copy.data(), block.low, bytes);
  }
  for (Array& array : arrays_)
    array.slots[0] = reinterpret_cast<int64_t>(device_address(PyArray_BYTES(array_of(array))));
  return base::Success{};
}

char* DeviceArguments::device_address(const char* host) const {
  for (const Block& block : blocks_)
    if (host >= block.low && host < block.high) return static_cast<char*>(block.copy.data()) + (host - block.low);
  return nullptr;
}

char* DeviceArguments::host_address(const char* device) const {
  for (const Block& block : blocks_) {
    const auto* copy = static_cast<const char*>(block.copy.data());
    if (device >= copy && device <= copy + (block.high - block.low))
      return const_cast<char*>(block.low) + (device - copy);
  }
  return nullptr;
}

void DeviceArguments::fetch() {
  if (blocks_.empty()) return;
  for (const Array& array : arrays_)
    if (array.written) copy_elements(array_of(array), device_address(PyArray_BYTES(array_of(array))));
}

}  // namespace metate::ext
