#include "python/ext/arguments.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <ranges>

#include "python/ext/dispatcher.h"
#include "python/ext/interpreter.h"
#include "python/ext/named_tuples.h"
#include "python/ext/numpy.h"

namespace metate::ext {
namespace {

using types::DType;
using types::Layout;

/// The lowest byte of a key word says what follows. Odd, which the lowest byte of an object's address is not.
enum class Tag : uint8_t {
  kWeak = 1,      // dtype
  kScalar = 3,    // dtype
  kArray = 5,     // dtype, ndim, layout, writable, space
  kTuple = 7,     // count, in `writable` whether the class follows as one word; then the elements' words
  kConstant = 9,  // then one word: the object's address
};
Tag tag_of(uint64_t word) { return static_cast<Tag>(word & 0xff); }
DType dtype_of_word(uint64_t word) { return static_cast<DType>(word >> 8 & 0xff); }

constexpr uint64_t word(Tag tag, uint64_t dtype = 0, uint64_t ndim = 0, uint64_t layout = 0, uint64_t writable = 0,
                        uint64_t space = 0) {
  return static_cast<uint64_t>(tag) | dtype << 8 | ndim << 16 | layout << 24 | writable << 32 | space << 40;
}
constexpr uint64_t weak(DType dtype) { return word(Tag::kWeak, static_cast<uint64_t>(dtype)); }

bool too_many() {
  PyErr_SetString(PyExc_TypeError, "too many arguments, or tuples too large, for a compiled function");
  return false;
}

bool has_room(const ArgumentBuffer& buffer, int words, int slots) {
  return buffer.key_size + words <= kMaxKeyWords && buffer.slot_count + slots <= kMaxSlots;
}

bool append_word(ArgumentBuffer& buffer, uint64_t value) {
  if (!has_room(buffer, 1, 0)) return too_many();
  buffer.key[buffer.key_size++] = value;
  return true;
}

bool append_slot(ArgumentBuffer& buffer, const void* data, size_t bytes) {
  if (!has_room(buffer, 0, 1)) return too_many();
  int64_t slot = 0;
  std::memcpy(&slot, data, bytes);
  buffer.slots[buffer.slot_count++] = slot;
  return true;
}

/// A number of Python's: its type and its bits.
bool append_weak(ArgumentBuffer& buffer, DType dtype, int64_t bits) {
  if (!has_room(buffer, 1, 1)) [[unlikely]]
    return too_many();
  buffer.key[buffer.key_size++] = weak(dtype);
  buffer.slots[buffer.slot_count++] = bits;
  return true;
}

/// Whether an int has one digit, as most have: its value then takes no call.
bool is_small(PyObject* object) {
#if PY_VERSION_HEX >= 0x030C0000
  return PyUnstable_Long_IsCompact(reinterpret_cast<PyLongObject*>(object));
#else
  return Py_SIZE(object) >= -1 && Py_SIZE(object) <= 1;
#endif
}

long long small_value(PyObject* object) {
#if PY_VERSION_HEX >= 0x030C0000
  return PyUnstable_Long_CompactValue(reinterpret_cast<PyLongObject*>(object));
#else
  return Py_SIZE(object) * static_cast<long long>(reinterpret_cast<PyLongObject*>(object)->ob_digit[0]);
#endif
}

bool append_large_int(PyObject* object, ArgumentBuffer& buffer) {
  int overflow = 0;
  long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
  if (!overflow) return append_weak(buffer, DType::kI64, value);
  const bool fits_unsigned =
      PyLong_AsUnsignedLongLong(object) != static_cast<unsigned long long>(-1) || !PyErr_Occurred();
  PyErr_Clear();
  PyErr_SetString(PyExc_OverflowError,
                  fits_unsigned
                      ? "int argument does not fit int64, which Python ints are in compiled code; np.uint64(…) of it "
                        "can be passed"
                      : "int argument does not fit 64 bits");
  return false;
}

bool append_complex_parts(ArgumentBuffer& buffer, const void* data, size_t part) {
  const char* bytes = static_cast<const char*>(data);
  return append_slot(buffer, bytes, part) && append_slot(buffer, bytes + part, part);
}

/// Behind what is made of records.
constexpr char kNoRecords[] = ", which has records: pass their fields, as a['x'], which are numbers or arrays of them";

bool append_numpy_scalar(PyObject* object, ArgumentBuffer& buffer) {
  std::optional<DType> dtype = dtype_of_number(object);
  if (!dtype) {
    PyErr_Format(PyExc_TypeError, "compiled code cannot take a %s%s", Py_TYPE(object)->tp_name,
                 PyArray_IsScalar(object, Void) ? kNoRecords : "");
    return false;
  }
  const char* value = number_class(*dtype).value(object);
  if (!append_word(buffer, word(Tag::kScalar, static_cast<uint64_t>(*dtype)))) return false;
  auto bytes = static_cast<size_t>(size(*dtype));
  return is_complex(*dtype) ? append_complex_parts(buffer, value, bytes / 2) : append_slot(buffer, value, bytes);
}

bool refuse_array(PyArrayObject* array) {
  if (dtype_of(PyArray_TYPE(array)))
    PyErr_Format(PyExc_TypeError,
                 "compiled code cannot take an array in foreign byte order (dtype %S); pass "
                 "a.astype(a.dtype.newbyteorder('='))",
                 PyArray_DESCR(array));
  else
    PyErr_Format(PyExc_TypeError, "compiled code cannot take an array of dtype %S%s", PyArray_DESCR(array),
                 PyDataType_HASFIELDS(PyArray_DESCR(array)) ? kNoRecords : "");
  return false;
}

Layout layout_of(int flags) {
  // By a table: what a call passes may change from one to the next, and mispredicted branches are dear.
  static constexpr Layout kLayouts[] = {Layout::kAny, Layout::kC, Layout::kF, Layout::kC};
  static_assert(NPY_ARRAY_C_CONTIGUOUS == 1 && NPY_ARRAY_F_CONTIGUOUS == 2);
  return flags & NPY_ARRAY_ALIGNED ? kLayouts[flags & 3] : Layout::kAny;
}

bool append_array(PyArrayObject* array, ArgumentBuffer& buffer) {
  std::optional<DType> dtype = dtype_of(PyArray_TYPE(array));
  if (!dtype || PyArray_ISBYTESWAPPED(array)) [[unlikely]]
    return refuse_array(array);
  int ndim = PyArray_NDIM(array);
  int flags = PyArray_FLAGS(array);
  if (!has_room(buffer, 1, 2 + 2 * ndim)) [[unlikely]]
    return too_many();
  buffer.key[buffer.key_size++] = word(Tag::kArray, static_cast<uint64_t>(*dtype), static_cast<uint64_t>(ndim),
                                       static_cast<uint64_t>(layout_of(flags)), (flags & NPY_ARRAY_WRITEABLE) != 0);
  int64_t* slot = &buffer.slots[buffer.slot_count];
  slot[0] = reinterpret_cast<int64_t>(PyArray_DATA(array));
  slot[1] = 0;
  const npy_intp* shape = PyArray_DIMS(array);
  const npy_intp* strides = PyArray_STRIDES(array);
  // Vector code would look for overlaps first, which takes longer than copying the few numbers.
#pragma clang loop vectorize(disable) unroll(disable)
  for (int i = 0; i < ndim; ++i) {
    slot[2 + i] = shape[i];
    slot[2 + ndim + i] = strides[i];
  }
  buffer.slot_count += 2 + 2 * ndim;
  return true;
}

bool append_tuple(PyObject* tuple, ArgumentBuffer& buffer) {
  if (!append_tuple_head(tuple, buffer)) return false;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i)
    if (!append_argument(PyTuple_GET_ITEM(tuple, i), buffer)) return false;
  return true;
}

/// Of an array of a subclass: numpy.memmap, say, only has its memory elsewhere; masked arrays, matrices and arrays with
/// units compute in another way than compiled code would.
bool means_what_arrays_mean(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  PyNumberMethods* numbers = type->tp_as_number;
  Ref own = Ref::steal(PyObject_GetAttrString(reinterpret_cast<PyObject*>(type), "__array_ufunc__"));
  Ref plain = Ref::steal(PyObject_GetAttrString(reinterpret_cast<PyObject*>(&PyArray_Type), "__array_ufunc__"));
  if (!own || !plain) return false;
  bool same = numbers && numbers->nb_multiply == PyArray_Type.tp_as_number->nb_multiply && own.get() == plain.get();
  if (!same)
    PyErr_Format(PyExc_TypeError,
                 "compiled code cannot take a %s, which computes in a way of its own; pass np.asarray(a)",
                 type->tp_name);
  return same;
}

/// Types that may stand for a value known when the function is compiled.
bool is_constant_object(PyObject* object) {
  return object == Py_None || PyUnicode_Check(object) || PyCallable_Check(object) || PyModule_Check(object) ||
         PyArray_DescrCheck(object);
}

/// Arrays of other libraries, as PyTorch's tensors, are not taken as they are: whether compiled code may write to one,
/// and whether gradients are lost, is for the caller to say by the conversion.
bool refuse(PyObject* object) {
  PyErr_Format(PyExc_TypeError, "compiled code cannot take a %s%s", Py_TYPE(object)->tp_name,
               PyObject_HasAttrString(object, "__dlpack__") ? "; pass np.from_dlpack(a), which shares its memory" : "");
  return false;
}

// Not inlined: what it needs of the stack would have to be set up for the frequent types too.
[[gnu::noinline]] bool append_rarer_argument(PyObject* object, ArgumentBuffer& buffer) {
  if (PyBool_Check(object)) return append_weak(buffer, DType::kBool, object == Py_True);
  if (PyTuple_Check(object)) return append_tuple(object, buffer);
  if (PyArray_Check(object))
    return means_what_arrays_mean(object) && append_array(reinterpret_cast<PyArrayObject*>(object), buffer);
  if (PyArray_CheckScalar(object)) return append_numpy_scalar(object, buffer);
  if (PyComplex_Check(object)) {
    double parts[2] = {PyComplex_RealAsDouble(object), PyComplex_ImagAsDouble(object)};
    return append_word(buffer, weak(DType::kC128)) && append_complex_parts(buffer, parts, sizeof(double));
  }
  if (PyLong_Check(object)) return append_large_int(object, buffer);
  if (PyFloat_Check(object)) return append_weak(buffer, DType::kF64, std::bit_cast<int64_t>(PyFloat_AS_DOUBLE(object)));
  if (is_constant_object(object))
    return append_word(buffer, word(Tag::kConstant)) && append_word(buffer, reinterpret_cast<uint64_t>(object));
  return refuse(object);
}

}  // namespace

bool append_argument(PyObject* object, ArgumentBuffer& buffer) {
  if (PyArray_CheckExact(object)) return append_array(reinterpret_cast<PyArrayObject*>(object), buffer);
  if (PyLong_CheckExact(object) && is_small(object)) return append_weak(buffer, DType::kI64, small_value(object));
  if (PyFloat_CheckExact(object))
    return append_weak(buffer, DType::kF64, std::bit_cast<int64_t>(PyFloat_AS_DOUBLE(object)));
  return append_rarer_argument(object, buffer);
}

bool append_converted(PyObject* number, DType dtype, ArgumentBuffer& buffer) {
  const bool is_int = PyLong_CheckExact(number);
  if (!has_room(buffer, 1, 1) || !(is_int ? is_small(number) : PyFloat_CheckExact(number))) return false;
  const double value = is_int ? static_cast<double>(small_value(number)) : PyFloat_AS_DOUBLE(number);
  int64_t bits = 0;
  if (dtype == DType::kF64) {
    bits = std::bit_cast<int64_t>(value);
  } else if (const auto narrow = static_cast<float>(value); dtype == DType::kF32) {
    if (!std::isfinite(narrow) && std::isfinite(value)) return false;
    bits = std::bit_cast<uint32_t>(narrow);
  } else if (dtype == DType::kI64 && is_int) {
    bits = small_value(number);
  } else {
    return false;
  }
  buffer.key[buffer.key_size++] = word(Tag::kScalar, static_cast<uint64_t>(dtype));
  buffer.slots[buffer.slot_count++] = bits;
  return true;
}

bool append_tuple_head(PyObject* tuple, ArgumentBuffer& buffer) {
  const auto count = static_cast<uint64_t>(PyTuple_GET_SIZE(tuple));
  if (count > 0xffff) return too_many();
  if (PyTuple_CheckExact(tuple)) return append_word(buffer, word(Tag::kTuple, 0, count & 0xff, count >> 8));
  return append_word(buffer, word(Tag::kTuple, 0, count & 0xff, count >> 8, 1)) &&
         append_word(buffer, reinterpret_cast<uint64_t>(Py_TYPE(tuple)));
}

bool append_local_array(DType dtype, std::span<const int64_t> shape, ArgumentBuffer& buffer) {
  auto ndim = static_cast<int>(shape.size());
  if (!append_word(
          buffer, word(Tag::kArray, static_cast<uint64_t>(dtype), shape.size(), static_cast<uint64_t>(Layout::kC), true,
                       static_cast<uint64_t>(types::MemorySpace::kGroup))))
    return false;
  if (buffer.slot_count + 2 + 2 * ndim > kMaxSlots) return too_many();
  int64_t* slot = &buffer.slots[buffer.slot_count];
  slot[0] = slot[1] = 0;
  int64_t stride = size(dtype);
  for (int i = ndim - 1; i >= 0; --i) {
    slot[2 + i] = shape[static_cast<size_t>(i)];
    slot[2 + ndim + i] = stride;
    stride *= shape[static_cast<size_t>(i)];
  }
  buffer.slot_count += 2 + 2 * ndim;
  return true;
}

bool append_device_array(DType dtype, const void* data, std::span<const int64_t> shape,
                         std::span<const int64_t> strides, bool writable, ArgumentBuffer& buffer) {
  auto ndim = static_cast<int>(shape.size());
  if (!has_room(buffer, 1, 2 + 2 * ndim)) return too_many();
  bool is_empty = std::ranges::find(shape, 0) != shape.end();
  auto in_order = [&](auto axes) {
    int64_t expected = size(dtype);
    for (auto axis : axes) {
      if (shape[axis] != 1 && strides[axis] != expected) return false;
      expected *= shape[axis];
    }
    return true;
  };
  auto axes = std::views::iota(size_t{0}, shape.size());
  const int64_t part = is_complex(dtype) ? size(dtype) / 2 : size(dtype);  // a power of two
  int64_t bits = reinterpret_cast<intptr_t>(data);
  for (int64_t stride : strides) bits |= stride;
  const bool is_aligned = (bits & (part - 1)) == 0;
  Layout layout = Layout::kAny;
  if (is_aligned || is_empty) {
    if (is_empty || in_order(std::views::reverse(axes)))
      layout = Layout::kC;
    else if (in_order(axes))
      layout = Layout::kF;
  }
  buffer.key[buffer.key_size++] =
      word(Tag::kArray, static_cast<uint64_t>(dtype), shape.size(), static_cast<uint64_t>(layout), writable);
  int64_t* slot = &buffer.slots[buffer.slot_count];
  slot[0] = reinterpret_cast<int64_t>(data);
  slot[1] = 0;
  std::ranges::copy(shape, slot + 2);
  std::ranges::copy(strides, slot + 2 + ndim);
  buffer.slot_count += 2 + 2 * ndim;
  return true;
}

types::TypeId type_of_key(const uint64_t*& key, Interpreter& interpreter) {
  types::TypeTable& table = interpreter.session().universe().types;
  uint64_t head = *key++;
  DType dtype = dtype_of_word(head);
  switch (tag_of(head)) {
    case Tag::kWeak:
      return table.weak(dtype);
    case Tag::kScalar:
      return table.scalar(dtype);
    case Tag::kArray:
      return table.array(dtype, static_cast<int>(head >> 16 & 0xff), static_cast<Layout>(head >> 24 & 0xff),
                         head >> 32 & 1, static_cast<types::MemorySpace>(head >> 40 & 0xff));
    case Tag::kTuple: {
      std::vector<types::TypeId> elements;
      uint64_t count = head >> 16 & 0xffff;
      types::ConstantId of_class;
      if (head >> 32 & 1) {
        of_class = named_tuple_class(reinterpret_cast<PyObject*>(*key++), interpreter);
        if (PyErr_Occurred()) return {};
      }
      for (uint64_t i = 0; i < count; ++i) {
        elements.push_back(type_of_key(key, interpreter));
        if (!elements.back()) return {};
      }
      return table.intern({.kind = types::TypeKind::kTuple, .constant = of_class, .elements = std::move(elements)});
    }
    case Tag::kConstant: {
      auto* object = reinterpret_cast<PyObject*>(*key++);
      interpreter.keep(object);  // its address is part of the key
      types::ConstantId constant = interpreter.constant_of(object);
      return constant ? interpreter.session().universe().type_of(constant) : types::TypeId();
    }
  }
  return {};
}

std::optional<std::vector<types::TypeId>> types_of_key(std::span<const uint64_t> key, Interpreter& interpreter) {
  std::vector<types::TypeId> types;
  const uint64_t* word = key.data();
  while (word < key.data() + key.size()) {
    types.push_back(type_of_key(word, interpreter));
    if (!types.back()) return std::nullopt;
  }
  return types;
}

bool append_key(types::TypeId id, Interpreter& interpreter, std::vector<uint64_t>& key) {
  const types::Type& type = interpreter.session().universe().types[id];
  auto dtype = static_cast<uint64_t>(type.dtype);
  switch (type.kind) {
    case types::TypeKind::kScalar:
      key.push_back(word(type.weak ? Tag::kWeak : Tag::kScalar, dtype));
      return true;
    case types::TypeKind::kArray:
      key.push_back(word(Tag::kArray, dtype, type.ndim, static_cast<uint64_t>(type.layout), type.writable,
                         static_cast<uint64_t>(type.space)));
      return true;
    case types::TypeKind::kTuple:
      key.push_back(
          word(Tag::kTuple, 0, type.elements.size() & 0xff, type.elements.size() >> 8 & 0xff, type.constant.valid()));
      if (type.constant) key.push_back(reinterpret_cast<uint64_t>(interpreter.object_of(type.constant).get()));
      for (types::TypeId element : type.elements)
        if (!append_key(element, interpreter, key)) return false;
      return true;
    case types::TypeKind::kConstant: {
      Ref object = interpreter.object_of(type.constant);
      if (!object) return false;
      interpreter.keep(object.get());
      key.push_back(word(Tag::kConstant));
      key.push_back(reinterpret_cast<uint64_t>(object.get()));
      return true;
    }
    case types::TypeKind::kUnknown:
    case types::TypeKind::kView:
    case types::TypeKind::kSlice:
    case types::TypeKind::kClosure:
    case types::TypeKind::kKernelObject:
      return false;
  }
  return false;
}

void make_word_read_only(uint64_t& word) {
  constexpr uint64_t kWritable = uint64_t{1} << 32;
  if (tag_of(word) == Tag::kArray) word &= ~kWritable;
}

bool accepts_word(uint64_t given, uint64_t taken) {
  if (given == taken) return true;
  if (dtype_of_word(given) != dtype_of_word(taken)) return false;
  if (tag_of(given) == Tag::kScalar && tag_of(taken) == Tag::kWeak) return true;
  if (tag_of(given) != Tag::kArray || tag_of(taken) != Tag::kArray) return false;
  bool same_ndim = (given >> 16 & 0xff) == (taken >> 16 & 0xff);
  bool same_space = given >> 40 == taken >> 40;
  auto layout = static_cast<Layout>(taken >> 24 & 0xff);
  bool layout_fits = layout == Layout::kAny || (given >> 24 & 0xff) == (taken >> 24 & 0xff);
  return same_ndim && same_space && layout_fits && ((given >> 32 & 1) != 0 || (taken >> 32 & 1) == 0);
}

}  // namespace metate::ext
