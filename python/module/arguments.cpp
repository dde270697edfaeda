#include "python/module/arguments.h"

#include <stdio.h>
#include <string.h>

#include "runtime/standalone/arrays.h"

namespace metate::module {
namespace {

using abi::StandaloneFunction;
using abi::StandaloneParameter;
using abi::StandaloneType;

enum class Kind { kBool, kSigned, kUnsigned, kFloat, kComplex };

Kind kind_of(char code) {
  switch (code) {
    case '?':
      return Kind::kBool;
    case 'b':
    case 'h':
    case 'i':
    case 'l':
      return Kind::kSigned;
    case 'B':
    case 'H':
    case 'I':
    case 'L':
      return Kind::kUnsigned;
    case 'F':
    case 'D':
      return Kind::kComplex;
    default:
      return Kind::kFloat;
  }
}

/// What is read for: messages name the function and the parameter, also where the value is in a tuple.
struct Place {
  const StandaloneFunction& function;
  const StandaloneParameter& parameter;

  bool refuse(PyObject* exception, const char* fault) const {
    PyErr_Format(exception, "%s() argument '%s' %s", function.name, parameter.name, fault);
    return false;
  }
  /// The object has another type than the parameter.
  bool refuse_type(PyObject* object) const;
};

constexpr size_t kMostText = 256;  // of a type in a message; what is longer is cut

bool Place::refuse_type(PyObject* object) const {
  char wanted[kMostText];
  standalone::Text text(wanted, sizeof wanted);
  describe(parameter.type, text);
  PyObject* name = PyObject_GetAttrString(reinterpret_cast<PyObject*>(Py_TYPE(object)), "__name__");
  if (name)
    PyErr_Format(PyExc_TypeError, "%s() argument '%s' must be %s, not %U", function.name, parameter.name, wanted, name);
  Py_XDECREF(name);
  return false;
}

/// The type of a buffer's elements is `type`'s. Both sides are of this machine, so sizes tell l from q.
bool has_elements(const StandaloneType& type, const Py_buffer& view) {
  const char* format = view.format ? view.format : "B";
  if (*format == '@' || *format == '=' || *format == '<' || (*format == '>' && view.itemsize == 1)) ++format;
  if (view.itemsize != type.size) return false;
  const char* known = "";
  switch (kind_of(type.code)) {
    case Kind::kBool:
      known = "?";
      break;
    case Kind::kSigned:
      known = "bhilqn";
      break;
    case Kind::kUnsigned:
      known = "BHILQN";
      break;
    case Kind::kFloat:
      known = "efd";
      break;
    case Kind::kComplex:
      return format[0] == 'Z' && (format[1] == 'f' || format[1] == 'd') && format[2] == 0;
  }
  return format[0] != 0 && format[1] == 0 && strchr(known, format[0]);
}

/// A number, and no array or text that could be made one.
bool is_number(PyObject* object) { return PyNumber_Check(object) && !PySequence_Check(object); }

/// Writes the low bytes of a slot, as types/slots.h says.
template <class T>
void put(int64_t* slot, T value) {
  *slot = 0;
  memcpy(slot, &value, sizeof value);
}

void put_float(int64_t* slot, double value, size_t size) {
  if (size == 8) return put(slot, value);
  if (size == 4) return put(slot, static_cast<float>(value));
  put(slot, static_cast<_Float16>(value));
}

bool read_integer(const Place& place, const StandaloneType& type, PyObject* object, int64_t* slot) {
  PyObject* whole = PyNumber_Index(object);
  if (!whole) {
    PyErr_Clear();
    return place.refuse_type(object);
  }
  const int bits = type.size * 8;
  bool fits;
  if (kind_of(type.code) == Kind::kUnsigned) {
    const unsigned long long value = PyLong_AsUnsignedLongLong(whole);
    fits = !PyErr_Occurred() && (bits == 64 || value >> bits == 0);
    put(slot, value);
  } else {
    const long long value = PyLong_AsLongLong(whole);
    const long long most = bits == 64 ? INT64_MAX : (1LL << (bits - 1)) - 1;
    fits = !PyErr_Occurred() && value <= most && value >= -most - 1;
    put(slot, value);
  }
  Py_DECREF(whole);
  if (fits) return true;
  PyErr_Clear();
  char fault[64];
  snprintf(fault, sizeof fault, "does not fit %s", number_name(type.code));
  return place.refuse(PyExc_OverflowError, fault);
}

bool read_complex(const Place& place, const StandaloneType& type, PyObject* object, int64_t* slots) {
  PyObject* number = PyObject_CallFunctionObjArgs(reinterpret_cast<PyObject*>(&PyComplex_Type), object, nullptr);
  if (!number) {
    PyErr_Clear();
    return place.refuse_type(object);
  }
  put_float(slots, PyComplex_RealAsDouble(number), type.size / 2u);
  put_float(slots + 1, PyComplex_ImagAsDouble(number), type.size / 2u);
  Py_DECREF(number);
  return true;
}

bool is_exact(Kind kind, PyObject* object) {
  switch (kind) {
    case Kind::kBool:
      return PyBool_Check(object);
    case Kind::kSigned:
    case Kind::kUnsigned:
      return PyLong_Check(object) && !PyBool_Check(object);
    case Kind::kFloat:
      return PyFloat_Check(object);
    case Kind::kComplex:
      return PyComplex_Check(object);
  }
  return false;
}

/// np.bool is no Python number, but shows itself as a buffer of one bool.
bool is_bool(PyObject* object) {
  if (PyBool_Check(object)) return true;
  Py_buffer view;
  if (PySequence_Check(object) || PyObject_GetBuffer(object, &view, PyBUF_FORMAT) != 0) {
    PyErr_Clear();
    return false;
  }
  const bool is = view.format && strcmp(view.format, "?") == 0 && view.ndim == 0;
  PyBuffer_Release(&view);
  return is;
}

bool read_number(const Place& place, const StandaloneType& type, PyObject* object, int64_t* slots, Match match) {
  const Kind kind = kind_of(type.code);
  if (match == Match::kExact && !is_exact(kind, object)) return place.refuse_type(object);
  if (kind == Kind::kBool) {
    if (!is_bool(object)) return place.refuse_type(object);
    put(slots, static_cast<uint8_t>(PyObject_IsTrue(object)));
    return true;
  }
  if (!is_number(object)) return place.refuse_type(object);
  if (kind == Kind::kComplex) return read_complex(place, type, object, slots);
  if (kind != Kind::kFloat) return read_integer(place, type, object, slots);
  const double value = PyFloat_AsDouble(object);
  if (value == -1 && PyErr_Occurred()) {
    PyErr_Clear();
    return place.refuse_type(object);
  }
  put_float(slots, value, type.size);
  return true;
}

/// The memory of an array: by the buffer protocol, else by `__array_interface__`, which NumPy makes one of.
bool get_buffer(PyObject* object, Py_buffer& view) {
  constexpr int kFlags = PyBUF_STRIDES | PyBUF_FORMAT;
  if (PyObject_GetBuffer(object, &view, kFlags) == 0) return true;
  PyErr_Clear();
  if (!PyObject_HasAttrString(object, "__array_interface__")) return false;
  PyObject* numpy = PyImport_ImportModule("numpy");
  PyObject* array = numpy ? PyObject_CallMethod(numpy, "asarray", "O", object) : nullptr;
  const bool got = array && PyObject_GetBuffer(array, &view, kFlags) == 0;  // holds on to the array
  Py_XDECREF(numpy);
  Py_XDECREF(array);
  PyErr_Clear();
  return got;
}

}  // namespace

const char* number_name(char code) {
  switch (code) {
#define DTYPE(enumerator, ir_name, numpy_name, character, kind, size) \
  case character:                                                     \
    return numpy_name;
#include "compiler/types/dtype.def"
#undef DTYPE
    default:
      return "?";
  }
}

void describe(const StandaloneType* type, standalone::Text& text) {
  switch (type->kind) {
    case StandaloneType::kNothing:
      return text.add("None");
    case StandaloneType::kNumber:
      return text.add(number_name(type->code));
    case StandaloneType::kTuple: {
      text.add("a tuple (");
      const StandaloneType* element = type + 1;
      for (int i = 0; i < type->ndim; ++i, element = abi::behind(element)) {
        if (i) text.add(", ");
        describe(element, text);
      }
      return text.add(type->ndim == 1 ? ",)" : ")");
    }
    default: {
      char axes[16];
      snprintf(axes, sizeof axes, " %d-d ", type->ndim);
      text.add(type->layout == 'C' ? "a C-contiguous" : type->layout == 'F' ? "a Fortran-contiguous" : "a");
      if (!type->is_written) text.add(" read-only");
      text.add(axes);
      text.add(number_name(type->code));
      return text.add(" array");
    }
  }
}

namespace {

/// Reads one argument, and what is in it, into slots.
class Reader {
 public:
  Reader(Arguments& out, Py_buffer* views, Match match) : out_(out), views_(views), slot_(out.slots), match_(match) {}

  bool read(const Place& place, const StandaloneType* type, PyObject* object) {
    switch (type->kind) {
      case StandaloneType::kTuple:
        return read_tuple(place, type, object);
      case StandaloneType::kArray:
        if (!read_array(place, *type, object)) return false;
        break;
      default:
        if (!read_number(place, *type, object, slot_, match_)) return false;
    }
    slot_ += abi::own_slots(*type);
    return true;
  }

 private:
  bool read_tuple(const Place& place, const StandaloneType* type, PyObject* object) {
    if (!PyTuple_Check(object) || PyTuple_Size(object) != type->ndim) return place.refuse_type(object);
    const StandaloneType* element = type + 1;
    for (Py_ssize_t i = 0; i < type->ndim; ++i, element = abi::behind(element))
      if (!read(place, element, PyTuple_GetItem(object, i))) return false;
    return true;
  }

  bool read_array(const Place& place, const StandaloneType& type, PyObject* object) {
    Py_buffer& view = views_[out_.array_count];
    if (!get_buffer(object, view)) return place.refuse_type(object);
    out_.arrays[out_.array_count++] = {object, &type, slot_};
    char wanted[kMostText], fault[kMostText + 96];
    standalone::Text text(wanted, sizeof wanted);
    describe(&type, text);
    if (view.ndim != type.ndim || !has_elements(type, view)) {
      snprintf(fault, sizeof fault, "must be %s, not a %d-d array of elements '%s'", wanted, view.ndim,
               view.format ? view.format : "B");
      return place.refuse(PyExc_TypeError, fault);
    }
    if (type.is_written && view.readonly) {
      snprintf(fault, sizeof fault, "must be %s that can be written to, and it is read-only", wanted);
      return place.refuse(PyExc_TypeError, fault);
    }
    slot_[0] = static_cast<int64_t>(reinterpret_cast<intptr_t>(view.buf));
    slot_[1] = 0;
    for (int axis = 0; axis < type.ndim; ++axis) {
      slot_[2 + axis] = view.shape[axis];
      slot_[2 + type.ndim + axis] = view.strides[axis];
    }
    if (const char* wrong = standalone::find_fault(type, slot_)) {
      snprintf(fault, sizeof fault, "must be %s, and it %s", wanted, wrong);
      return place.refuse(PyExc_TypeError, fault);
    }
    return true;
  }

  Arguments& out_;
  Py_buffer* views_;
  int64_t* slot_;
  Match match_;
};

}  // namespace

bool Arguments::read(const StandaloneFunction& function, PyObject* const* arguments, Match match) {
  release();
  Reader reader(*this, views_, match);
  for (int64_t i = 0; i < function.parameter_count; ++i) {
    const StandaloneParameter& parameter = function.parameters[i];
    if (!reader.read({function, parameter}, parameter.type, arguments[i])) return false;
  }
  return true;
}

void Arguments::release() {
  while (array_count > 0) PyBuffer_Release(&views_[--array_count]);
}

}  // namespace metate::module
