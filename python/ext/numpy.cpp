#define METATE_IMPORTS_NUMPY
#include "python/ext/numpy.h"

namespace metate::ext {

using types::DType;

bool import_numpy() { return PyArray_ImportNumPyAPI() >= 0; }

std::optional<DType> dtype_of(int type_number) {
  switch (type_number) {
    case NPY_BOOL:
      return DType::kBool;
    case NPY_BYTE:
      return DType::kI8;
    case NPY_SHORT:
      return DType::kI16;
    case NPY_INT:
      return DType::kI32;
    case NPY_LONG:
      return sizeof(long) == 8 ? DType::kI64 : DType::kI32;
    case NPY_LONGLONG:
      return DType::kI64;
    case NPY_UBYTE:
      return DType::kU8;
    case NPY_USHORT:
      return DType::kU16;
    case NPY_UINT:
      return DType::kU32;
    case NPY_ULONG:
      return sizeof(long) == 8 ? DType::kU64 : DType::kU32;
    case NPY_ULONGLONG:
      return DType::kU64;
    case NPY_HALF:
      return DType::kF16;
    case NPY_FLOAT:
      return DType::kF32;
    case NPY_DOUBLE:
      return DType::kF64;
    case NPY_CFLOAT:
      return DType::kC64;
    case NPY_CDOUBLE:
      return DType::kC128;
    default:
      return std::nullopt;
  }
}

std::pair<const char*, const char*> byte_range(PyArrayObject* array) {
  const char* low = PyArray_BYTES(array);
  const char* high = low + PyArray_ITEMSIZE(array);
  for (int axis = 0; axis < PyArray_NDIM(array); ++axis) {
    npy_intp reach = (PyArray_DIMS(array)[axis] - 1) * PyArray_STRIDES(array)[axis];
    (reach < 0 ? low : high) += reach;
  }
  return {low, high};
}

int type_number_of(DType dtype) {
  switch (dtype) {
    case DType::kBool:
      return NPY_BOOL;
    case DType::kI8:
      return NPY_INT8;
    case DType::kI16:
      return NPY_INT16;
    case DType::kI32:
      return NPY_INT32;
    case DType::kI64:
      return NPY_INT64;
    case DType::kU8:
      return NPY_UINT8;
    case DType::kU16:
      return NPY_UINT16;
    case DType::kU32:
      return NPY_UINT32;
    case DType::kU64:
      return NPY_UINT64;
    case DType::kF16:
      return NPY_HALF;
    case DType::kF32:
      return NPY_FLOAT;
    case DType::kF64:
      return NPY_DOUBLE;
    case DType::kC64:
      return NPY_CFLOAT;
    case DType::kC128:
      return NPY_CDOUBLE;
  }
  return NPY_NOTYPE;
}

}  // namespace metate::ext
