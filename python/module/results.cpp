#include "python/module/results.h"

#include <string.h>

#include "runtime/abi/runtime_calls.h"

namespace metate::module {
namespace {

using abi::StandaloneFunction;
using abi::StandaloneType;

/// What a NumPy array that we make holds on to: memory of compiled code, or an argument that the memory is of.
struct Memory {
  PyObject_HEAD abi::Owner* owner;
  PyObject* argument;
  char* begin;
  Py_ssize_t bytes;
  int readonly;
};

void free_memory(PyObject* object) {
  auto* memory = reinterpret_cast<Memory*>(object);
  if (memory->owner && __atomic_sub_fetch(&memory->owner->count, 1, __ATOMIC_ACQ_REL) == 0)
    metate_destroy(memory->owner);
  Py_XDECREF(memory->argument);
  PyTypeObject* type = Py_TYPE(object);
  PyObject_Free(object);
  Py_DECREF(type);
}

int show_memory(PyObject* object, Py_buffer* view, int flags) {
  auto* memory = reinterpret_cast<Memory*>(object);
  return PyBuffer_FillInfo(view, object, memory->begin, memory->bytes, memory->readonly, flags);
}

PyObject* memory_type() {
  static PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(free_memory)},
                                {Py_bf_getbuffer, reinterpret_cast<void*>(show_memory)},
                                {0, nullptr}};
  static PyType_Spec spec = {"metate_module.Memory", sizeof(Memory), 0, Py_TPFLAGS_DEFAULT, slots};
  static PyObject* type = nullptr;
  if (!type) type = PyType_FromSpec(&spec);
  return type;
}

int64_t load_real(const int64_t* slot, char code) {
  int8_t i8;
  int16_t i16;
  int32_t i32;
  switch (code) {
    case 'b':
      return memcpy(&i8, slot, 1), i8;
    case 'h':
      return memcpy(&i16, slot, 2), i16;
    case 'i':
      return memcpy(&i32, slot, 4), i32;
    case 'B':
    case '?':
      return static_cast<uint8_t>(*slot);
    case 'H':
      return static_cast<uint16_t>(*slot);
    case 'I':
      return static_cast<uint32_t>(*slot);
    default:
      return *slot;
  }
}

double load_float(const int64_t* slot, size_t size) {
  double f64;
  float f32;
  _Float16 f16;
  if (size == 8) return memcpy(&f64, slot, 8), f64;
  if (size == 4) return memcpy(&f32, slot, 4), static_cast<double>(f32);
  return memcpy(&f16, slot, 2), static_cast<double>(f16);
}

PyObject* make_number(const StandaloneType& type, const int64_t* slots) {
  switch (type.code) {
    case '?':
      return PyBool_FromLong(*slots & 1);
    case 'e':
    case 'f':
    case 'd':
      return PyFloat_FromDouble(load_float(slots, type.size));
    case 'F':
    case 'D':
      return PyComplex_FromDoubles(load_float(slots, type.size / 2u), load_float(slots + 1, type.size / 2u));
    case 'L':
      return PyLong_FromUnsignedLongLong(static_cast<unsigned long long>(*slots));
    default:
      return PyLong_FromLongLong(load_real(slots, type.code));
  }
}

/// Of the elements of an array, the lowest address and what lies behind the highest.
struct Span {
  char *begin, *end;
};

Span span_of(const StandaloneType& type, const int64_t* record) {
  auto* data = reinterpret_cast<char*>(record[0]);
  Span span{data, data + type.size};
  for (int axis = 0; axis < type.ndim; ++axis) {
    const int64_t extent = record[2 + axis], reach = (extent - 1) * record[2 + type.ndim + axis];
    if (extent == 0) return {data, data};
    (reach < 0 ? span.begin : span.end) += reach;
  }
  return span;
}

/// The argument that the memory of a borrowed array is of; null for a constant of the library.
const ArrayArgument* find_argument(const StandaloneType& type, const int64_t* record, const Arguments& given) {
  const Span wanted = span_of(type, record);
  for (int i = 0; i < given.array_count; ++i) {
    const Span span = span_of(*given.arrays[i].type, given.arrays[i].record);
    if (span.begin <= wanted.begin && wanted.end <= span.end) return &given.arrays[i];
  }
  return nullptr;
}

bool is_same(const StandaloneType& type, const int64_t* record, const ArrayArgument& argument) {
  return argument.type->ndim == type.ndim && argument.type->code == type.code && record[0] == argument.record[0] &&
         memcmp(record + 2, argument.record + 2, sizeof(int64_t) * 2u * type.ndim) == 0;
}

PyObject* make_numbers(const int64_t* values, int count) {
  PyObject* tuple = PyTuple_New(count);
  for (int i = 0; tuple && i < count; ++i) PyTuple_SetItem(tuple, i, PyLong_FromLongLong(values[i]));
  return tuple;
}

/// numpy.ndarray(shape, dtype, memory, offset, strides)
PyObject* make_array(const StandaloneType& type, const int64_t* record, PyObject* memory, int64_t offset) {
  const char code[] = {type.code, 0};
  PyObject* numpy = PyImport_ImportModule("numpy");
  PyObject* shape = make_numbers(record + 2, type.ndim);
  PyObject* strides = make_numbers(record + 2 + type.ndim, type.ndim);
  PyObject* array = nullptr;
  if (numpy && shape && strides)
    array =
        PyObject_CallMethod(numpy, "ndarray", "OsOLO", shape, code, memory, static_cast<long long>(offset), strides);
  Py_XDECREF(numpy);
  Py_XDECREF(shape);
  Py_XDECREF(strides);
  return array;
}

PyObject* make_array_result(const StandaloneType& result, const int64_t* record, const Arguments& given) {
  auto* owner = reinterpret_cast<abi::Owner*>(record[1]);
  const ArrayArgument* argument = owner ? nullptr : find_argument(result, record, given);
  if (argument && is_same(result, record, *argument)) {
    Py_INCREF(argument->object);
    return argument->object;
  }
  PyObject* type = memory_type();
  Memory* memory = type ? PyObject_New(Memory, reinterpret_cast<PyTypeObject*>(type)) : nullptr;
  if (!memory) {
    if (owner && __atomic_sub_fetch(&owner->count, 1, __ATOMIC_ACQ_REL) == 0) metate_destroy(owner);
    return nullptr;
  }
  const Span span = span_of(result, record);
  memory->owner = owner;
  memory->argument = argument ? argument->object : nullptr;
  Py_XINCREF(memory->argument);
  memory->begin = span.begin;
  memory->bytes = span.end - span.begin;
  memory->readonly = !result.is_written;
  auto* object = reinterpret_cast<PyObject*>(memory);
  PyObject* array = make_array(result, record, object, reinterpret_cast<char*>(record[0]) - span.begin);
  Py_DECREF(object);
  return array;
}

/// Moves `slots` behind the value. Every element of a tuple is made even after a failure, so that its memory is given
/// back; the first exception stays.
PyObject* make(const StandaloneType* type, const int64_t*& slots, const Arguments& given) {
  const int64_t* own = slots;
  slots += abi::own_slots(*type);
  switch (type->kind) {
    case StandaloneType::kNumber:
      return make_number(*type, own);
    case StandaloneType::kArray:
      return make_array_result(*type, own, given);
    case StandaloneType::kTuple:
      break;
    default:
      Py_INCREF(Py_None);
      return Py_None;
  }
  PyObject* tuple = PyTuple_New(type->ndim);
  const StandaloneType* element = type + 1;
  for (Py_ssize_t i = 0; i < type->ndim; ++i, element = abi::behind(element)) {
    PyObject *kind, *value, *traceback;
    PyErr_Fetch(&kind, &value, &traceback);
    PyObject* made = make(element, slots, given);
    if (kind) {
      PyErr_Clear();
      PyErr_Restore(kind, value, traceback);
    }
    if (tuple && made) {
      PyTuple_SetItem(tuple, i, made);
      continue;
    }
    Py_XDECREF(made);
    Py_CLEAR(tuple);
  }
  return tuple;
}

}  // namespace

PyObject* make_result(const StandaloneFunction& function, const int64_t* results, const Arguments& given) {
  return make(function.result, results, given);
}

}  // namespace metate::module
