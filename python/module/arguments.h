// arguments – Python objects become slots of compiled code, or the reason why they cannot.
#pragma once

#include <Python.h>

#include "runtime/abi/standalone.h"
#include "runtime/standalone/text.h"

namespace metate::module {

/// How far an argument may be from its parameter's type.
enum class Match { kExact, kConverted };

/// An array among the arguments: one itself, or in a tuple.
struct ArrayArgument {
  PyObject* object;  // borrowed: the caller has the arguments, and a tuple keeps what is in it
  const abi::StandaloneType* type;
  const int64_t* record;  // its slots
};

/// The arguments of one call; holds on to the memory of arrays.
class Arguments {
 public:
  Arguments() = default;
  Arguments(const Arguments&) = delete;
  ~Arguments() { release(); }

  /// Reads the arguments of `function`. False where one does not match, with a Python exception set that says why.
  bool read(const abi::StandaloneFunction& function, PyObject* const* arguments, Match match);
  void release();

  int64_t slots[abi::kMostModuleSlots];
  ArrayArgument arrays[abi::kMostModuleParameters];
  int array_count = 0;

 private:
  Py_buffer views_[abi::kMostModuleParameters];  // of the arrays
};

/// "float64", of NumPy's type character.
const char* number_name(char code);

/// Adds "a contiguous 2-d float64 array", "float64" or "a tuple (float64, int64)".
void describe(const abi::StandaloneType* type, standalone::Text& text);

}  // namespace metate::module
