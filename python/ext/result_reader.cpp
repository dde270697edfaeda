#include "python/ext/result_reader.h"

#include <bit>
#include <cstring>

#include "compiler/types/slots.h"
#include "python/ext/interpreter.h"
#include "python/ext/numpy.h"
#include "runtime/abi/context.h"

namespace metate::ext {

using types::DType;
using types::TypeKind;

ResultReader ResultReader::make(types::TypeId id, Interpreter& interpreter) {
  const types::TypeTable& table = interpreter.session().universe().types;
  const types::Type& type = table[id];
  ResultReader reader;
  reader.kind_ = type.kind;
  reader.dtype_ = type.dtype;
  reader.weak_ = type.weak;
  reader.writable_ = type.writable;
  reader.ndim_ = type.ndim;
  reader.slot_count_ = types::slot_count(id, table);
  if (type.kind == TypeKind::kConstant) reader.constant_ = interpreter.object_of(type.constant);
  if (!reader.can_be_read()) reader.description_ = interpreter.session().universe().describe(id);
  for (types::TypeId element : type.elements) reader.elements_.push_back(make(element, interpreter));
  return reader;
}

bool ResultReader::can_be_read() const {
  return kind_ == TypeKind::kScalar || kind_ == TypeKind::kArray || kind_ == TypeKind::kTuple || constant_;
}

PyObject* ResultReader::read(const int64_t* slots, std::span<PyObject* const> arguments) const {
  switch (kind_) {
    case TypeKind::kScalar:
      return read_scalar(slots);
    case TypeKind::kArray:
      return read_array(slots, arguments);
    case TypeKind::kTuple:
      return read_tuple(slots, arguments);
    case TypeKind::kConstant:
      if (constant_) return Ref(constant_).release();
      break;
    case TypeKind::kUnknown:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kClosure:
    case TypeKind::kKernelObject:
      break;
  }
  PyErr_Format(PyExc_TypeError, "a compiled function cannot return %s to Python", description_.c_str());
  return nullptr;
}

PyObject* ResultReader::read_scalar(const int64_t* slots) const {
  if (weak_) {
    switch (types::kind(dtype_)) {
      case types::Kind::kBool:
        return PyBool_FromLong(slots[0] & 1);
      case types::Kind::kFloat:
        return PyFloat_FromDouble(std::bit_cast<double>(slots[0]));
      case types::Kind::kComplex:
        return PyComplex_FromDoubles(std::bit_cast<double>(slots[0]), std::bit_cast<double>(slots[1]));
      case types::Kind::kSigned:
      case types::Kind::kUnsigned:
        return PyLong_FromLongLong(slots[0]);
    }
  }
  char value[16];
  size_t bytes = static_cast<size_t>(size(dtype_));
  if (is_complex(dtype_)) {
    std::memcpy(value, &slots[0], bytes / 2);
    std::memcpy(value + bytes / 2, &slots[1], bytes / 2);
  } else {
    std::memcpy(value, &slots[0], bytes);
  }
  Ref descr = Ref::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromType(type_number_of(dtype_))));
  return PyArray_Scalar(value, reinterpret_cast<PyArray_Descr*>(descr.get()), nullptr);
}

PyObject* ResultReader::read_tuple(const int64_t* slots, std::span<PyObject* const> arguments) const {
  Ref tuple = Ref::steal(PyTuple_New(static_cast<Py_ssize_t>(elements_.size())));
  // Every element is read even after a failure, so that storage it owns is released.
  bool good = static_cast<bool>(tuple);
  for (size_t i = 0; i < elements_.size(); ++i) {
    Ref element = Ref::steal(elements_[i].read(slots, arguments));
    slots += elements_[i].slot_count_;
    good = good && element;
    if (good) PyTuple_SET_ITEM(tuple.get(), static_cast<Py_ssize_t>(i), element.release());
  }
  return good ? tuple.release() : nullptr;
}

namespace {

void release_owner(PyObject* capsule) {
  auto* owner = static_cast<abi::Owner*>(PyCapsule_GetPointer(capsule, nullptr));
  if (__atomic_sub_fetch(&owner->count, 1, __ATOMIC_ACQ_REL) == 0) owner->destroy(owner);
}

bool same_array(PyArrayObject* array, const int64_t* slots, int ndim, int type_number) {
  if (PyArray_NDIM(array) != ndim || PyArray_TYPE(array) != type_number) return false;
  if (reinterpret_cast<int64_t>(PyArray_DATA(array)) != slots[0]) return false;
  for (int i = 0; i < ndim; ++i)
    if (PyArray_DIMS(array)[i] != slots[2 + i] ||
        (PyArray_DIMS(array)[i] > 1 && PyArray_STRIDES(array)[i] != slots[2 + ndim + i]))
      return false;
  return true;
}

/// The argument (or an array in a tuple argument) whose memory a borrowed array lies in; null if there is none.
PyObject* lender(PyObject* argument, const char* data) {
  if (PyTuple_Check(argument)) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(argument); ++i)
      if (PyObject* found = lender(PyTuple_GET_ITEM(argument, i), data)) return found;
    return nullptr;
  }
  if (!PyArray_Check(argument)) return nullptr;
  auto [low, high] = byte_range(reinterpret_cast<PyArrayObject*>(argument));
  return data >= low && data <= high ? argument : nullptr;
}

}  // namespace

PyObject* ResultReader::read_array(const int64_t* slots, std::span<PyObject* const> arguments) const {
  auto* owner = reinterpret_cast<abi::Owner*>(slots[1]);
  int type_number = type_number_of(dtype_);
  Ref base;
  if (owner) {
    base = Ref::steal(PyCapsule_New(owner, nullptr, release_owner));
    if (!base) return nullptr;
  } else {
    for (PyObject* argument : arguments) {
      if (PyArray_Check(argument) && same_array(reinterpret_cast<PyArrayObject*>(argument), slots, ndim_, type_number))
        return Ref::borrow(argument).release();
    }
    for (PyObject* argument : arguments)
      if (PyObject* found = lender(argument, reinterpret_cast<const char*>(slots[0]))) base = Ref::borrow(found);
  }
  npy_intp shape[NPY_MAXDIMS], strides[NPY_MAXDIMS];
  for (int i = 0; i < ndim_; ++i) {
    shape[i] = slots[2 + i];
    strides[i] = slots[2 + ndim_ + i];
  }
  int flags = writable_ ? NPY_ARRAY_WRITEABLE : 0;
  Ref array = Ref::steal(PyArray_NewFromDescr(&PyArray_Type, PyArray_DescrFromType(type_number), ndim_, shape, strides,
                                              reinterpret_cast<void*>(slots[0]), flags, nullptr));
  if (!array) return nullptr;
  auto* made = reinterpret_cast<PyArrayObject*>(array.get());
  PyArray_UpdateFlags(made, NPY_ARRAY_UPDATE_ALL);
  if (base && PyArray_SetBaseObject(made, base.release()) < 0) return nullptr;
  return array.release();
}

}  // namespace metate::ext
