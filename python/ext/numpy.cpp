#define METATE_IMPORTS_NUMPY
#include "python/ext/numpy.h"

namespace metate::ext {

using types::DType;

namespace {

std::array<NumberClass, types::kDTypeCount> number_classes;  // set once, by import_numpy

}  // namespace

bool import_numpy() {
  if (PyArray_ImportNumPyAPI() < 0) return false;
  for (size_t i = 0; i < number_classes.size(); ++i) {
    Ref object = Ref::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromType(type_number_of(static_cast<DType>(i)))));
    auto* descr = reinterpret_cast<PyArray_Descr*>(object.get());
    if (!descr) return false;
    auto alignment = static_cast<size_t>(PyDataType_ALIGNMENT(descr));
    number_classes[i] = {descr->typeobj, (sizeof(PyObject) + alignment - 1) / alignment * alignment};
  }
  return true;
}

const NumberClass& number_class(DType dtype) { return number_classes[static_cast<size_t>(dtype)]; }

std::optional<DType> dtype_of_number(PyObject* number) {
  for (size_t i = 0; i < number_classes.size(); ++i)
    if (Py_IS_TYPE(number, number_classes[i].type)) return static_cast<DType>(i);
  // Classes that share a dtype with another, as np.longlong does, and subclasses.
  Ref descr = Ref::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromScalar(number)));
  if (descr) return dtype_of(reinterpret_cast<PyArray_Descr*>(descr.get())->type_num);
  PyErr_Clear();
  return std::nullopt;
}

std::optional<types::FrozenArray> freeze(PyArrayObject* array) {
  std::optional<DType> dtype = dtype_of(PyArray_TYPE(array));
  if (!dtype || PyArray_ISBYTESWAPPED(array)) return std::nullopt;
  std::vector<int64_t> shape(PyArray_DIMS(array), PyArray_DIMS(array) + PyArray_NDIM(array));
  bool column_major = PyArray_IS_F_CONTIGUOUS(array) && !PyArray_IS_C_CONTIGUOUS(array);
  types::FrozenArray frozen = types::FrozenArray::of(*dtype, std::move(shape), column_major);
  // NumPy does the copying, into an array on the frozen memory.
  Ref copy = frozen_view(frozen);
  if (!copy) return std::nullopt;
  PyArray_ENABLEFLAGS(reinterpret_cast<PyArrayObject*>(copy.get()), NPY_ARRAY_WRITEABLE);
  if (PyArray_CopyInto(reinterpret_cast<PyArrayObject*>(copy.get()), array) < 0) return std::nullopt;
  return frozen;
}

Ref frozen_view(const types::FrozenArray& frozen) {
  std::vector<npy_intp> shape(frozen.shape.begin(), frozen.shape.end());
  int flags = NPY_ARRAY_ALIGNED | (frozen.column_major ? NPY_ARRAY_F_CONTIGUOUS : NPY_ARRAY_C_CONTIGUOUS);
  return Ref::steal(PyArray_New(&PyArray_Type, static_cast<int>(shape.size()), shape.data(),
                                type_number_of(frozen.dtype), nullptr, const_cast<std::byte*>(frozen.data()), 0, flags,
                                nullptr));
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
