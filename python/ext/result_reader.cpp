#include "python/ext/result_reader.h"

#include <bit>
#include <cstring>

#include "compiler/types/slots.h"
#include "python/ext/interpreter.h"
#include "python/ext/numpy.h"
#include "runtime/abi/context.h"

namespace metate::ext {

using types::TypeKind;

ResultReader::Form ResultReader::form_of(const types::Type& type, const ir::Universe& universe) {
  switch (type.kind) {
    case TypeKind::kScalar:
      switch (types::kind(type.dtype)) {
        case types::Kind::kBool:
          return type.weak ? Form::kBool : Form::kNumpyBool;
        case types::Kind::kFloat:
          return type.weak ? Form::kFloat : Form::kNumpyReal;
        case types::Kind::kComplex:
          return type.weak ? Form::kComplex : Form::kNumpyComplex;
        case types::Kind::kSigned:
        case types::Kind::kUnsigned:
          return type.weak ? Form::kInt : Form::kNumpyReal;
      }
      return Form::kNothing;
    case TypeKind::kArray:
      return Form::kArray;
    case TypeKind::kTuple:
      return Form::kTuple;
    case TypeKind::kConstant:
      return Form::kConstant;
    case TypeKind::kClosure: {
      // As infer/list_display.h makes them.
      const types::Constant& made_by = universe.constants[type.constant];
      bool is_list =
          made_by.kind == types::ConstantKind::kEntity && universe.symbols.name(made_by.symbol) == "builtins.list";
      return is_list ? Form::kList : Form::kNothing;
    }
    case TypeKind::kUnknown:
    case TypeKind::kView:
    case TypeKind::kSlice:
    case TypeKind::kKernelObject:
      return Form::kNothing;
  }
  return Form::kNothing;
}

ResultReader ResultReader::make(types::TypeId id, Interpreter& interpreter) {
  const types::TypeTable& table = interpreter.session().universe().types;
  const types::Type& type = table[id];
  ResultReader reader;
  reader.form_ = form_of(type, interpreter.session().universe());
  reader.writable_ = type.writable;
  reader.ndim_ = type.ndim;
  reader.slot_count_ = types::slot_count(id, table);
  reader.type_number_ = type_number_of(type.dtype);
  reader.number_ = number_class(type.dtype);
  reader.part_size_ = static_cast<size_t>(size(type.dtype)) / (reader.form_ == Form::kNumpyComplex ? 2 : 1);
  if (reader.form_ == Form::kConstant) reader.constant_ = interpreter.object_of(type.constant);
  if (reader.form_ == Form::kConstant && !reader.constant_) reader.form_ = Form::kNothing;
  if (reader.form_ == Form::kTuple && type.constant) reader.constant_ = interpreter.object_of(type.constant);
  if (reader.form_ == Form::kNothing) reader.description_ = interpreter.session().universe().describe(id);
  for (types::TypeId element : type.elements) reader.elements_.push_back(make(element, interpreter));
  return reader;
}

PyObject* ResultReader::read(const int64_t* slots, std::span<PyObject* const> arguments) const {
  switch (form_) {
    case Form::kInt:
      return PyLong_FromLongLong(slots[0]);
    case Form::kFloat:
      return PyFloat_FromDouble(std::bit_cast<double>(slots[0]));
    case Form::kBool:
      return PyBool_FromLong(slots[0] & 1);
    case Form::kComplex:
      return PyComplex_FromDoubles(std::bit_cast<double>(slots[0]), std::bit_cast<double>(slots[1]));
    case Form::kNumpyBool:
      return Ref::borrow(slots[0] & 1 ? PyArrayScalar_True : PyArrayScalar_False).release();
    case Form::kNumpyReal:
      return read_numpy_number(slots, 1);
    case Form::kNumpyComplex:
      return read_numpy_number(slots, 2);
    case Form::kArray:
      return read_array(slots, arguments);
    case Form::kTuple:
    case Form::kList:
      return read_sequence(slots, arguments);
    case Form::kConstant:
      return Ref(constant_).release();
    case Form::kNothing:
      break;
  }
  PyErr_Format(PyExc_TypeError, "a compiled function cannot return %s to Python", description_.c_str());
  return nullptr;
}

/// Without the call that memcpy is for a size known at run time only.
static void copy_part(char* to, const int64_t& slot, size_t size) {
  switch (size) {
    case 8:
      std::memcpy(to, &slot, 8);
      return;
    case 4:
      std::memcpy(to, &slot, 4);
      return;
    default:
      std::memcpy(to, &slot, size);
  }
}

// Not inlined: numbers of Python shall not pay for the registers it needs.
[[gnu::noinline]] PyObject* ResultReader::read_numpy_number(const int64_t* slots, size_t parts) const {
  // PyArray_Scalar does the same for any dtype and takes three times as long. The types' own tp_alloc is this and
  // zeros, which would be written over at once.
  PyObject* number = _PyObject_New(number_.type);
  if (!number) return nullptr;
  for (size_t i = 0; i < parts; ++i) copy_part(number_.value(number) + i * part_size_, slots[i], part_size_);
  return number;
}

PyObject* ResultReader::read_sequence(const int64_t* slots, std::span<PyObject* const> arguments) const {
  auto count = static_cast<Py_ssize_t>(elements_.size());
  Ref sequence = Ref::steal(form_ == Form::kList ? PyList_New(count) : PyTuple_New(count));
  // Every element is read even after a failure, so that storage it owns is released.
  bool good = static_cast<bool>(sequence);
  for (Py_ssize_t i = 0; i < count; ++i) {
    const ResultReader& reader = elements_[static_cast<size_t>(i)];
    Ref element = Ref::steal(reader.read(slots, arguments));
    slots += reader.slot_count_;
    good = good && element;
    if (!good) continue;
    if (form_ == Form::kList)
      PyList_SET_ITEM(sequence.get(), i, element.release());
    else
      PyTuple_SET_ITEM(sequence.get(), i, element.release());
  }
  if (!good) return nullptr;
  // A named tuple is made by its class.
  return constant_ ? PyObject_CallMethod(constant_.get(), "_make", "(O)", sequence.get()) : sequence.release();
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
  Ref base;
  if (owner) {
    base = Ref::steal(PyCapsule_New(owner, nullptr, release_owner));
    if (!base) return nullptr;
  } else {
    for (PyObject* argument : arguments) {
      if (PyArray_Check(argument) && same_array(reinterpret_cast<PyArrayObject*>(argument), slots, ndim_, type_number_))
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
  Ref array = Ref::steal(PyArray_NewFromDescr(&PyArray_Type, PyArray_DescrFromType(type_number_), ndim_, shape, strides,
                                              reinterpret_cast<void*>(slots[0]), flags, nullptr));
  if (!array) return nullptr;
  auto* made = reinterpret_cast<PyArrayObject*>(array.get());
  PyArray_UpdateFlags(made, NPY_ARRAY_UPDATE_ALL);
  if (base && PyArray_SetBaseObject(made, base.release()) < 0) return nullptr;
  return array.release();
}

}  // namespace metate::ext
