// numpy.h – NumPy's C API, imported once for all units of the extension.
#pragma once

#include "python/ext/ref.h"

#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#define NPY_TARGET_VERSION NPY_2_0_API_VERSION
#define PY_ARRAY_UNIQUE_SYMBOL metate_numpy_api
#ifndef METATE_IMPORTS_NUMPY
#define NO_IMPORT_ARRAY
#endif
#include <numpy/arrayobject.h>
#include <numpy/arrayscalars.h>

#include <array>
#include <optional>
#include <utility>

#include "compiler/types/constant.h"

namespace metate::ext {

/// Makes NumPy's C API usable; false with a Python exception set when NumPy is missing or too old.
bool import_numpy();

/// The dtypes of NumPy's type numbers (in native byte order), where compiled code has them.
inline constexpr std::array<std::optional<types::DType>, NPY_NTYPES_LEGACY> kDTypes = [] {
  using types::DType;
  std::array<std::optional<DType>, NPY_NTYPES_LEGACY> dtypes;
  dtypes[NPY_BOOL] = DType::kBool;
  dtypes[NPY_BYTE] = DType::kI8;
  dtypes[NPY_SHORT] = DType::kI16;
  dtypes[NPY_INT] = DType::kI32;
  dtypes[NPY_LONG] = sizeof(long) == 8 ? DType::kI64 : DType::kI32;
  dtypes[NPY_LONGLONG] = DType::kI64;
  dtypes[NPY_UBYTE] = DType::kU8;
  dtypes[NPY_USHORT] = DType::kU16;
  dtypes[NPY_UINT] = DType::kU32;
  dtypes[NPY_ULONG] = sizeof(long) == 8 ? DType::kU64 : DType::kU32;
  dtypes[NPY_ULONGLONG] = DType::kU64;
  dtypes[NPY_HALF] = DType::kF16;
  dtypes[NPY_FLOAT] = DType::kF32;
  dtypes[NPY_DOUBLE] = DType::kF64;
  dtypes[NPY_CFLOAT] = DType::kC64;
  dtypes[NPY_CDOUBLE] = DType::kC128;
  return dtypes;
}();

inline std::optional<types::DType> dtype_of(int type_number) {
  bool known = type_number >= 0 && static_cast<size_t>(type_number) < kDTypes.size();
  return known ? kDTypes[static_cast<size_t>(type_number)] : std::nullopt;
}
int type_number_of(types::DType dtype);

/// How NumPy keeps a number of its own: the object is { PyObject_HEAD; C's type of the value; }, as
/// numpy/arrayscalars.h declares it for each type.
struct NumberClass {
  PyTypeObject* type = nullptr;
  size_t offset = 0;  // of the value

  char* value(PyObject* number) const { return reinterpret_cast<char*>(number) + offset; }
};
const NumberClass& number_class(types::DType dtype);

/// The dtype of a number of NumPy, if compiled code has it. A few comparisons for most classes.
std::optional<types::DType> dtype_of_number(PyObject* number);

/// A copy of an array, or nothing: with a Python exception set where that failed, without where no compiled code can
/// have such an array.
std::optional<types::FrozenArray> freeze(PyArrayObject* array);
/// A read-only array on a frozen one, which has to stay where it is for as long as the process.
Ref frozen_view(const types::FrozenArray& frozen);

/// Lowest and one past the highest byte that the elements of an array with at least one element touch.
std::pair<const char*, const char*> byte_range(PyArrayObject* array);

}  // namespace metate::ext
