#include "python/ext/local_accessor.h"

#include <string_view>

#include "python/ext/errors.h"
#include "python/ext/numpy.h"

namespace metate::ext {

size_t LocalArray::bytes() const {
  auto total = static_cast<size_t>(size(dtype));
  for (int64_t extent : shape) total *= static_cast<size_t>(extent);
  return total;
}

bool is_local_accessor(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (std::string_view(type->tp_name) != "LocalAccessor") return false;
  Ref module = Ref::steal(PyObject_GetAttrString(reinterpret_cast<PyObject*>(type), "__module__"));
  const char* name = module && PyUnicode_Check(module.get()) ? PyUnicode_AsUTF8(module.get()) : nullptr;
  if (!name) drop_error();
  return name && std::string_view(name) == "metate.kernel_api";
}

std::optional<LocalArray> read_local_accessor(PyObject* object) {
  Ref descr = Ref::steal(PyObject_GetAttrString(object, "dtype"));
  Ref shape = Ref::steal(PyObject_GetAttrString(object, "shape"));
  if (!descr || !shape) return std::nullopt;
  std::optional<types::DType> dtype;
  if (PyArray_DescrCheck(descr.get())) dtype = dtype_of(reinterpret_cast<PyArray_Descr*>(descr.get())->type_num);
  if (!dtype || !PyTuple_Check(shape.get())) {
    PyErr_Format(PyExc_TypeError, "kernels have no local array of dtype %S", descr.get());
    return std::nullopt;
  }
  LocalArray array{*dtype, {}};
  // Far above what devices have, and far below what overflows.
  int64_t room = (int64_t{1} << 30) / size(*dtype);
  for (Py_ssize_t axis = 0; axis < PyTuple_GET_SIZE(shape.get()); ++axis) {
    int64_t extent = PyLong_AsLongLong(PyTuple_GET_ITEM(shape.get(), axis));
    if (PyErr_Occurred()) return std::nullopt;
    if (extent < 1 || extent > room) {
      PyErr_Format(PyExc_ValueError, "no device has the local memory for %R", object);
      return std::nullopt;
    }
    array.shape.push_back(extent);
    room /= extent;
  }
  return array;
}

}  // namespace metate::ext
