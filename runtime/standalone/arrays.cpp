#include "runtime/standalone/arrays.h"

#include "runtime/abi/standalone.h"

namespace metate::standalone {
namespace {

/// Of elements; complex numbers are two of their parts.
int64_t alignment(const abi::StandaloneType& type) {
  return type.code == 'F' || type.code == 'D' ? type.size / 2 : type.size;
}

bool has_order(const abi::StandaloneType& type, const int64_t* shape, const int64_t* strides) {
  int64_t expected = type.size;
  for (int i = 0; i < type.ndim; ++i) {
    const int axis = type.layout == 'C' ? type.ndim - 1 - i : i;
    if (shape[axis] != 1 && strides[axis] != expected) return false;
    expected *= shape[axis];
  }
  return true;
}

}  // namespace

const char* find_fault(const abi::StandaloneType& type, const int64_t* record) {
  const int64_t *shape = record + 2, *strides = shape + type.ndim;
  bool is_empty = false;
  for (int axis = 0; axis < type.ndim; ++axis) {
    if (shape[axis] < 0) return "has a negative extent";
    is_empty |= shape[axis] == 0;
  }
  if (is_empty) return nullptr;
  if (record[0] == 0) return "has no data";
  const int64_t align = alignment(type);
  bool is_aligned = record[0] % align == 0;
  for (int axis = 0; axis < type.ndim; ++axis) is_aligned &= strides[axis] % align == 0 || shape[axis] == 1;
  if (!is_aligned) return "is not aligned to its elements";
  if (type.layout == 'A' || has_order(type, shape, strides)) return nullptr;
  return type.layout == 'C' ? "is not contiguous in C order" : "is not contiguous in Fortran order";
}

}  // namespace metate::standalone
