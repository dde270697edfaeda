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

#include <optional>
#include <utility>

#include "compiler/types/dtype.h"

namespace metate::ext {

/// Makes NumPy's C API usable; false with a Python exception set when NumPy is missing or too old.
bool import_numpy();

/// The dtype of a NumPy type number (native byte order), if compiled code has it.
std::optional<types::DType> dtype_of(int type_number);
int type_number_of(types::DType dtype);

/// Lowest and one past the highest byte that the elements of an array with at least one element touch.
std::pair<const char*, const char*> byte_range(PyArrayObject* array);

}  // namespace metate::ext
